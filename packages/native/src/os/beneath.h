// Opening a path below a directory without ever leaving it.
#pragma once

#include <string>

#include "error.h"
#include "file_status.h"
#include "owned_fd.h"

namespace mapscope {

struct BeneathRequest {
  int root_fd;
  std::string path;  // relative; empty: the root itself
  bool is_writable;
  bool follows_links;  // false: a symbolic link anywhere on the way is ELOOP
};

// The descriptor is closed (-1) for what is neither a regular file nor a directory: such a thing is
// looked at and not opened, since opening a pipe can block and opening a device can do anything.
struct Opened {
  OwnedFd file;
  FileStatus status;
};

// EXDEV when the path leads out of the root. A directory is opened for reading, whatever was asked
// for.
Result<Opened> open_beneath(const BeneathRequest& request);

// What lies at the path, without opening it. A link that ends the path may be told as the link.
Result<FileStatus> look_beneath(const BeneathRequest& request);

}  // namespace mapscope
