#include "byte_masks_tiers.h"

namespace mapscope {

const ByteMaskTier& byte_mask_tier() { return kNeonByteMasks; }

const ByteMaskTier* nth_byte_mask_tier(std::size_t index) {
  if (index == 0) return &kPlainByteMasks;
  return index == 1 ? &kNeonByteMasks : nullptr;
}

}  // namespace mapscope
