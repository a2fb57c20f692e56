#include "error.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace mapscope {
namespace {

struct Name {
  int code;
  const char* text;
};

// What mmap, msync, madvise, fstat, lseek, openat, openat2, fcntl, sigaction and our own refusals
// can answer.
constexpr Name kNames[] = {
    {EACCES, "EACCES"},
    {EAGAIN, "EAGAIN"},
    {EBADF, "EBADF"},
    {EBUSY, "EBUSY"},
    {ECANCELED, "ECANCELED"},
    {EEXIST, "EEXIST"},
    {EFAULT, "EFAULT"},
    {EFBIG, "EFBIG"},
    {EINTR, "EINTR"},
    {EINVAL, "EINVAL"},
    {EIO, "EIO"},
    {EISDIR, "EISDIR"},
    {ELOOP, "ELOOP"},
    {EMFILE, "EMFILE"},
    {ENAMETOOLONG, "ENAMETOOLONG"},
    {ENFILE, "ENFILE"},
    {ENODEV, "ENODEV"},
    {ENOENT, "ENOENT"},
    {ENOMEM, "ENOMEM"},
    {ENOSPC, "ENOSPC"},
    {ENOSYS, "ENOSYS"},
    {ENOTDIR, "ENOTDIR"},
    {ENOTSUP, "ENOTSUP"},
    {ENXIO, "ENXIO"},
    {EOVERFLOW, "EOVERFLOW"},
    {EPERM, "EPERM"},
    {EROFS, "EROFS"},
    {ESPIPE, "ESPIPE"},
    {ETXTBSY, "ETXTBSY"},
    {EXDEV, "EXDEV"},
};

// Not in every <cerrno> of the systems we compile on; Linux and macOS have both.
#if defined(ESTALE)
constexpr Name kStale = {ESTALE, "ESTALE"};
#else
constexpr Name kStale = {-1, "ESTALE"};
#endif
#if defined(EDQUOT)
constexpr Name kQuota = {EDQUOT, "EDQUOT"};
#else
constexpr Name kQuota = {-1, "EDQUOT"};
#endif

}  // namespace

OsError last_error(const char* syscall) { return OsError{errno, syscall}; }

const char* errno_name(int code) {
  if (code == kStale.code) return kStale.text;
  if (code == kQuota.code) return kQuota.text;
  const auto* found = std::find_if(std::begin(kNames), std::end(kNames),
                                   [code](const Name& name) { return name.code == code; });
  return found == std::end(kNames) ? "UNKNOWN" : found->text;
}

}  // namespace mapscope
