// Bringing pages in, and saying which could not be had: behind populateAsync.
#pragma once

#include <optional>

#include "../os/mapping.h"
#include "touch.h"

namespace mapscope {

// Nothing when every page that holds some of the range is there. A Fault names the first that
// cannot be had. Blocks for as long as the disk takes: for a pool thread.
std::optional<Failure> bring_in(const Mapping& mapping, Range range);

}  // namespace mapscope
