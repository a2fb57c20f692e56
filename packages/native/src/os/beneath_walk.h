// The same for kernels without openat2, component by component: symbolic links are refused (ELOOP),
// and so is every `..` (EXDEV).
#pragma once

#include "beneath.h"

namespace mapscope {

Result<Opened> open_beneath_by_walk(const BeneathRequest& request);

}  // namespace mapscope
