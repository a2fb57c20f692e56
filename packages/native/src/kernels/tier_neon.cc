// The loops with vectors of 16 bytes of arm64.
#include <arm_neon.h>

#include <cstring>

#include "tiers.h"

namespace mapscope {
namespace {

struct Lanes {
  static constexpr std::uint64_t kWidth = 16;
  using Vector = uint8x16_t;

  static Vector broadcast(Octet byte) { return vdupq_n_u8(byte); }
  static Vector load(const Octet* at) { return vld1q_u8(at); }
  static void ask_for(const Octet* at) { __builtin_prefetch(at); }
  static Vector equal(Vector a, Vector b) { return vceqq_u8(a, b); }
  static Vector both(Vector a, Vector b) { return vandq_u8(a, b); }
  static Vector either(Vector a, Vector b) { return vorrq_u8(a, b); }
  static bool is_any(Vector a) { return vmaxvq_u8(a) != 0; }
  // There is no movemask: each lane keeps the bit of its place, and the halves are added up.
  static std::uint64_t bits(Vector a) {
    alignas(16) static constexpr Octet kPlaces[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                      1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t kept = vandq_u8(a, vld1q_u8(kPlaces));
    return std::uint64_t{vaddv_u8(vget_low_u8(kept))} | std::uint64_t{vaddv_u8(vget_high_u8(kept))}
                                                            << 8;
  }
  static std::uint64_t count(std::uint64_t bits) {
    return static_cast<std::uint64_t>(__builtin_popcountll(bits));
  }
  static std::uint64_t lowest(std::uint64_t bits) {
    return static_cast<std::uint64_t>(__builtin_ctzll(bits));
  }
};

}  // namespace
}  // namespace mapscope

// clang-format off: each needs those before it
#include "plain_hits_body.h"
#include "masked_scan_body.h"
#include "accepted_body.h"
#include "number_value_body.h"
#include "number_block_vector_body.h"
#include "number_scan_body.h"
// clang-format on

namespace mapscope {

const Tier kNeonTier = {"neon", scan_masked, accepted_bits, scan_number, neon_mark_nibbles};

}  // namespace mapscope
