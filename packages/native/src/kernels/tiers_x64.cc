#include "tiers.h"

namespace mapscope {

// Every x64 has SSE2.
std::span<const Tier* const> tiers() {
  static const Tier* const all[] = {&kAvx2Tier, &kSse2Tier, &kPlainTier};
  // The system must save the registers, too; the compiler's function asks both.
  static const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                               __builtin_cpu_supports("popcnt");
  return std::span<const Tier* const>(all).subspan(has_avx2 ? 0 : 1);
}

}  // namespace mapscope
