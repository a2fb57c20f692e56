#include "beneath.h"
#include "beneath_walk.h"

namespace mapscope {

Result<Opened> open_beneath(const BeneathRequest& request) { return open_beneath_by_walk(request); }

}  // namespace mapscope
