#include <limits>

#include "map_limit.h"

namespace mapscope {

std::size_t map_limit() { return std::numeric_limits<std::size_t>::max(); }

}  // namespace mapscope
