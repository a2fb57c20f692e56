#include "page_unit.h"
#include "pages.h"

namespace mapscope {

std::uint64_t page_unit(int, int) { return page_size(); }

}  // namespace mapscope
