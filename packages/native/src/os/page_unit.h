// What a mapping is made of, where that is not the ordinary page.
#pragma once

#include <cstdint>

namespace mapscope {

// The size of the pages that mmap of this descriptor (-1: none) with these MAP_... flags is made
// of. munmap and MAP_FIXED take only whole ones.
std::uint64_t page_unit(int fd, int flags);

}  // namespace mapscope
