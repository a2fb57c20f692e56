#include "byte_masks_tiers.h"

namespace mapscope {

const ByteMaskTier& byte_mask_tier() { return kPlainByteMasks; }

const ByteMaskTier* nth_byte_mask_tier(std::size_t index) {
  return index == 0 ? &kPlainByteMasks : nullptr;
}

}  // namespace mapscope
