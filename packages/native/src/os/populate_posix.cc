#include <sys/mman.h>

#include <cerrno>

#include "populate.h"

namespace mapscope {

// Starts the reading and does not wait for it: the copy that follows waits, page by page.
void populate_pages(std::byte* begin, std::size_t byte_length) {
  ::madvise(begin, byte_length, MADV_WILLNEED);
}

std::optional<OsError> bring_in_pages(std::byte* begin, std::size_t byte_length) {
  populate_pages(begin, byte_length);
  return OsError{ENOTSUP, "madvise"};
}

}  // namespace mapscope
