#include "cached_read.h"

namespace mapscope {

// POSIX has no read that does not wait for a disk.
CachedRead read_cached(const Mapping&, std::uint64_t, std::byte*, std::size_t) {
  return CachedRead::kUnsupported;
}

}  // namespace mapscope
