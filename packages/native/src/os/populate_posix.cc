#include <sys/mman.h>

#include "populate.h"

namespace mapscope {

// Starts the reading and does not wait for it: the copy that follows waits, page by page.
void populate_pages(std::byte* begin, std::size_t byte_length) {
  ::madvise(begin, byte_length, MADV_WILLNEED);
}

}  // namespace mapscope
