// memrchr, which is not in every C library.
#pragma once

#include <cstddef>

namespace mapscope {

// The last place in [begin, end) that holds `value`, or null. Touches nothing outside.
const std::byte* last_byte(const std::byte* begin, const std::byte* end, std::byte value) noexcept;

}  // namespace mapscope
