// How many mappings this process may have of us.
#pragma once

#include <cstddef>

namespace mapscope {

// Below what the system allows: at its limit malloc fails as well, and Node ends; and a patch of
// raw memory needs mappings, too.
std::size_t map_limit();

}  // namespace mapscope
