#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "beneath.h"
#include "beneath_walk.h"

namespace mapscope {
namespace {

// openat2 gives up with EAGAIN when a rename elsewhere makes it unsure whether it stayed beneath.
constexpr int kTries = 16;

// O_PATH: finds the thing and does not open it, so that a pipe cannot block and a device cannot
// act.
OwnedFd find_beneath(const BeneathRequest& request) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve =
      RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | (request.follows_links ? 0 : RESOLVE_NO_SYMLINKS);
  const char* const path = request.path.empty() ? "." : request.path.c_str();
  for (int tries = 1;; ++tries) {
    const auto fd =
        static_cast<int>(::syscall(SYS_openat2, request.root_fd, path, &how, sizeof(how)));
    if (fd >= 0 || errno != EAGAIN || tries == kTries) return OwnedFd(fd);
  }
}

// The very thing that was found, by its descriptor: no second walk that could end elsewhere.
Result<Opened> open_found(const OwnedFd& found, bool is_writable) {
  const auto looked = file_status(found.get());
  if (const auto* const failure = std::get_if<OsError>(&looked)) return *failure;
  const auto& status = std::get<FileStatus>(looked);
  const bool is_device = status.kind == FileKind::kBlockDevice;
  if (status.kind != FileKind::kFile && status.kind != FileKind::kDirectory && !is_device)
    return Opened{OwnedFd(), status};
  const int access = is_writable && status.kind == FileKind::kFile ? O_RDWR : O_RDONLY;
  const std::string link = "/proc/self/fd/" + std::to_string(found.get());
  OwnedFd file(::open(link.c_str(), access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return last_error("open");
  if (!is_device) return Opened{std::move(file), status};
  // Only open does it tell its size.
  const auto opened = file_status(file.get());
  if (const auto* const failure = std::get_if<OsError>(&opened)) return *failure;
  return Opened{std::move(file), std::get<FileStatus>(opened)};
}

bool is_plain_name(const std::string& path) {
  return !path.empty() && path != "." && path != ".." &&
         path.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
}

bool is_proc_missing(const Result<Opened>& opened) {
  const auto* const failure = std::get_if<OsError>(&opened);
  return failure != nullptr && failure->code == ENOENT && ::access("/proc/self/fd", F_OK) != 0;
}

}  // namespace

Result<Opened> open_beneath(const BeneathRequest& request) {
  if (request.path.find('\0') != std::string::npos) return OsError{EINVAL, "openat2"};
  const OwnedFd found = find_beneath(request);
  if (!found.is_open()) {
    // ENOSYS before Linux 5.6; EPERM from seccomp filters that do not know the call (older
    // container runtimes).
    const bool is_unavailable = errno == ENOSYS || errno == EPERM;
    return is_unavailable ? open_beneath_by_walk(request) : last_error("openat2");
  }
  auto opened = open_found(found, request.is_writable);
  return is_proc_missing(opened) ? open_beneath_by_walk(request) : std::move(opened);
}

// A name in the root itself needs no descriptor: one call instead of three.
Result<FileStatus> look_beneath(const BeneathRequest& request) {
  if (is_plain_name(request.path)) return file_status_at(request.root_fd, request.path);
  if (request.path.find('\0') != std::string::npos) return OsError{EINVAL, "openat2"};
  const OwnedFd found = find_beneath(request);
  return found.is_open() ? file_status(found.get()) : last_error("openat2");
}

}  // namespace mapscope
