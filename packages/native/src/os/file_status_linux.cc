#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "file_kind.h"
#include "file_status.h"

// statx and not fstat: glibc gave fstat a name of its own in 2.33, so that what is compiled against
// it no longer loads on the systems that Node itself runs on (2.28). statx is in 2.28, and asks for
// no more than is used here.
namespace mapscope {
namespace {

std::int64_t nanoseconds(const statx_timestamp& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

Result<FileStatus> status_of(int fd, const char* path, int flags) {
  struct statx found;
  if (::statx(fd, path, flags, STATX_BASIC_STATS, &found) != 0) return last_error("statx");
  return FileStatus{
      .byte_length = found.stx_size,
      .device = makedev(found.stx_dev_major, found.stx_dev_minor),
      .inode = found.stx_ino,
      .links = found.stx_nlink,
      .modified_ns = nanoseconds(found.stx_mtime),
      .changed_ns = nanoseconds(found.stx_ctime),
      .kind = kind_of(found.stx_mode),
  };
}

// A device's node has no size; the device does, once it is open.
std::uint64_t device_byte_length(int fd) {
  std::uint64_t byte_length = 0;
  return ::ioctl(fd, BLKGETSIZE64, &byte_length) == 0 ? byte_length : 0;
}

}  // namespace

Result<FileStatus> file_status(int fd) {
  auto found = status_of(fd, "", AT_EMPTY_PATH);
  auto* const status = std::get_if<FileStatus>(&found);
  if (status != nullptr && status->kind == FileKind::kBlockDevice)
    status->byte_length = device_byte_length(fd);
  return found;
}

Result<FileStatus> file_status_at(int directory, const std::string& name) {
  return status_of(directory, name.c_str(), AT_SYMLINK_NOFOLLOW);
}

}  // namespace mapscope
