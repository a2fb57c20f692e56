#include <sys/mman.h>

#include "populate.h"

namespace mapscope {
namespace {

// MADV_POPULATE_READ (Linux 5.14). The number, since older headers lack the name; older kernels
// answer EINVAL.
constexpr int kPopulateRead = 22;

}  // namespace

void populate_pages(std::byte* begin, std::size_t byte_length) {
  ::madvise(begin, byte_length, kPopulateRead);
}

}  // namespace mapscope
