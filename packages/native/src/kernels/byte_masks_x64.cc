#include "byte_masks_tiers.h"

namespace mapscope {
namespace {

bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }

}  // namespace

const ByteMaskTier& byte_mask_tier() {
  static const ByteMaskTier& best = has_avx2() ? kAvx2ByteMasks : kSse2ByteMasks;
  return best;
}

const ByteMaskTier* nth_byte_mask_tier(std::size_t index) {
  if (index == 0) return &kPlainByteMasks;
  if (index == 1) return &kSse2ByteMasks;
  return index == 2 && has_avx2() ? &kAvx2ByteMasks : nullptr;
}

}  // namespace mapscope
