// The tolerant read behind readAsync: takes what there is, and says what there is not.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../os/mapping.h"
#include "ranges.h"

namespace mapscope {

// Fills target from `range`; returns what of it is not true. Those bytes of target mean nothing.
// A range that was read while the file changed is read again, page by page.
// Blocks for as long as the disk takes: for a pool thread.
Ranges read_what_is_there(const Mapping& mapping, Range range, std::byte* target);

}  // namespace mapscope
