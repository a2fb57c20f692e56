#include "beneath_walk.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace mapscope {
namespace {

// MAPSCOPE_TRAVERSE (binding.gyp): how this system opens a directory that it may only pass through.
constexpr int kPassThrough = MAPSCOPE_TRAVERSE | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kNeverFollowOrBlock = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

struct Components {
  std::vector<std::string> names;
  bool must_be_directory;  // "", "a/" and "a/." say so
};

Components components_of(const std::string& path) {
  Components components{{}, true};
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t slash = std::min(path.find('/', start), path.size());
    const std::string name = path.substr(start, slash - start);
    components.must_be_directory = name.empty() || name == ".";
    if (!components.must_be_directory) components.names.push_back(name);
    start = slash + 1;
  }
  return components;
}

// The errno that refuses the path as it is written, or 0.
int refusal_of(const std::string& path, const Components& components) {
  if (path.find('\0') != std::string::npos) return EINVAL;
  const auto& names = components.names;
  const bool leaves =
      path.starts_with('/') || std::find(names.begin(), names.end(), "..") != names.end();
  return leaves ? EXDEV : 0;
}

// What `name` is; a symbolic link is refused. Should it become one right after, O_NOFOLLOW refuses
// it.
Result<FileStatus> look_at(int directory, const std::string& name) {
  auto looked = file_status_at(directory, name);
  const auto* const status = std::get_if<FileStatus>(&looked);
  if (status != nullptr && status->kind == FileKind::kSymbolicLink) return OsError{ELOOP, "openat"};
  return looked;
}

Result<OwnedFd> enter(int directory, const std::string& name) {
  OwnedFd entered(::openat(directory, name.c_str(), kPassThrough));
  if (entered.is_open()) return entered;
  const OsError failure = last_error("openat");
  // With O_DIRECTORY, a link that is not followed is "not a directory": true, and no help.
  const auto looked = look_at(directory, name);
  const auto* const refusal = std::get_if<OsError>(&looked);
  return failure.code == ENOTDIR && refusal != nullptr ? *refusal : failure;
}

Result<Opened> open_as(int directory, const std::string& name, int flags) {
  OwnedFd file(::openat(directory, name.c_str(), flags | kNeverFollowOrBlock));
  if (!file.is_open()) return last_error("openat");
  const auto found = file_status(file.get());
  if (const auto* const failure = std::get_if<OsError>(&found)) return *failure;
  const auto& status = std::get<FileStatus>(found);
  const bool is_kept = status.kind == FileKind::kFile || status.kind == FileKind::kDirectory ||
                       status.kind == FileKind::kBlockDevice;
  return Opened{is_kept ? std::move(file) : OwnedFd(), status};
}

Result<Opened> open_last(int directory, const std::string& name, bool is_writable) {
  const auto looked = look_at(directory, name);
  if (const auto* const failure = std::get_if<OsError>(&looked)) return *failure;
  const auto& status = std::get<FileStatus>(looked);
  if (status.kind == FileKind::kDirectory) return open_as(directory, name, O_RDONLY | O_DIRECTORY);
  if (status.kind == FileKind::kFile)
    return open_as(directory, name, is_writable ? O_RDWR : O_RDONLY);
  if (status.kind == FileKind::kBlockDevice) return open_as(directory, name, O_RDONLY);
  return Opened{OwnedFd(), status};
}

}  // namespace

Result<Opened> open_beneath_by_walk(const BeneathRequest& request) {
  const Components components = components_of(request.path);
  if (const int refusal = refusal_of(request.path, components)) return OsError{refusal, "openat"};
  if (components.names.empty()) return open_as(request.root_fd, ".", O_RDONLY | O_DIRECTORY);
  OwnedFd entered;  // the directory reached so far; the root while it is closed
  for (std::size_t i = 0; i + 1 < components.names.size(); ++i) {
    auto next = enter(entered.is_open() ? entered.get() : request.root_fd, components.names[i]);
    if (const auto* const failure = std::get_if<OsError>(&next)) return *failure;
    entered = std::move(std::get<OwnedFd>(next));
  }
  const int directory = entered.is_open() ? entered.get() : request.root_fd;
  const std::string& last = components.names.back();
  if (!components.must_be_directory) return open_last(directory, last, request.is_writable);
  // Enters it, rather than opening it at once, to tell a link from what is no directory.
  auto found = enter(directory, last);
  if (const auto* const failure = std::get_if<OsError>(&found)) return *failure;
  return open_as(std::get<OwnedFd>(found).get(), ".", O_RDONLY | O_DIRECTORY);
}

}  // namespace mapscope
