#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "file_cache.h"

namespace mapscope {

std::optional<OsError> drop_cached(const Mapping& mapping, std::uint64_t offset,
                                   std::uint64_t byte_length) {
  if (!mapping.has_file()) return OsError{EBADF, "posix_fadvise"};
  if (byte_length == 0) return std::nullopt;  // to the kernel: to the end of the file
  // Answers with the error's number, and leaves errno alone.
  const int code =
      ::posix_fadvise(mapping.file()->get(), static_cast<off_t>(mapping.file_offset() + offset),
                      static_cast<off_t>(byte_length), POSIX_FADV_DONTNEED);
  if (code == 0) return std::nullopt;
  return OsError{code, "posix_fadvise"};
}

// What the kernel asks before it tells (can_do_mincore): the owner, one who may act as the owner,
// or one who could open it for writing. By way of /proc, since the descriptor's path may be gone.
bool tells_residency(const Mapping& mapping) {
  if (!mapping.has_file()) return false;
  const uid_t user = ::geteuid();
  struct statx status;  // not stat: see file_status_linux.cc
  if (user == 0) return true;
  if (::statx(mapping.file()->get(), "", AT_EMPTY_PATH, STATX_UID, &status) == 0 &&
      status.stx_uid == user)
    return true;
  char path[32];
  std::snprintf(path, sizeof(path), "/proc/self/fd/%d", mapping.file()->get());
  return ::faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

}  // namespace mapscope
