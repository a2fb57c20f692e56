// The tiers, one file each. Which of them are compiled, binding.gyp says; which of those the
// processor has, byte_masks_<architecture>.cc.
#pragma once

#include "byte_masks.h"

namespace mapscope {

extern const ByteMaskTier kPlainByteMasks;
extern const ByteMaskTier kSse2ByteMasks;
extern const ByteMaskTier kAvx2ByteMasks;
extern const ByteMaskTier kNeonByteMasks;

}  // namespace mapscope
