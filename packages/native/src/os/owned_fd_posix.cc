#include <unistd.h>

#include "owned_fd.h"

namespace mapscope {

void OwnedFd::reset(int fd) {
  // EINTR leaves the descriptor closed on Linux and in an unknown state elsewhere: trying again
  // could close a stranger's.
  if (fd_ >= 0 && fd_ != fd) ::close(fd_);
  fd_ = fd;
}

}  // namespace mapscope
