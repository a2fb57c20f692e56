// memmove inside a mapping, strict.
#pragma once

#include <cstdint>
#include <optional>

#include "../os/mapping.h"
#include "touch.h"

namespace mapscope {

// Moves nothing when a byte of either range is past the file's end before it begins. A later fault
// leaves a part moved: from the first byte on when `to` is below `from`, else from the last one
// backwards.
std::optional<Fault> move_bytes(const Mapping& mapping, const Move& move);

}  // namespace mapscope
