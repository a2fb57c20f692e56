#include <fcntl.h>
#include <sys/stat.h>

#include "file_kind.h"
#include "file_status.h"

namespace mapscope {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

FileStatus status_of(const struct stat& found) {
  return FileStatus{
      .byte_length = static_cast<std::uint64_t>(found.st_size),
      .device = static_cast<std::uint64_t>(found.st_dev),
      .inode = static_cast<std::uint64_t>(found.st_ino),
      .links = static_cast<std::uint64_t>(found.st_nlink),
      .modified_ns = nanoseconds(found.st_mtim),  // binding.gyp gives macOS' name for it
      .changed_ns = nanoseconds(found.st_ctim),
      .kind = kind_of(found.st_mode),
  };
}

}  // namespace

Result<FileStatus> file_status(int fd) {
  struct stat found;
  if (::fstat(fd, &found) != 0) return last_error("fstat");
  return status_of(found);
}

Result<FileStatus> file_status_at(int directory, const std::string& name) {
  struct stat found;
  if (::fstatat(directory, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0)
    return last_error("fstatat");
  return status_of(found);
}

}  // namespace mapscope
