// 64 bytes at a time; every arm64 has it. NEON has no movemask: each byte keeps the bit of its
// place in eight, and three rounds of adding neighbours bring eight bytes' bits into one.
#include <arm_neon.h>

#include "byte_masks_tiers.h"

#define MAPSCOPE_RUNS_TARGET
#include "mask_runs_body.h"

namespace mapscope {
namespace {

uint8x16_t load(const std::byte* from) noexcept {
  return vld1q_u8(reinterpret_cast<const std::uint8_t*>(from));
}

// Each vector is all ones or all zeros in every byte.
std::uint64_t bits(uint8x16_t first, uint8x16_t second, uint8x16_t third,
                   uint8x16_t fourth) noexcept {
  constexpr std::uint8_t kPlaces[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t places = vld1q_u8(kPlaces);
  const uint8x16_t low = vpaddq_u8(vandq_u8(first, places), vandq_u8(second, places));
  const uint8x16_t high = vpaddq_u8(vandq_u8(third, places), vandq_u8(fourth, places));
  const uint8x16_t quarters = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(quarters, quarters)), 0);
}

void neon_class_masks(const std::byte* bytes, std::size_t words, ByteClass wanted,
                      std::uint64_t* masks) noexcept {
  const uint8x16_t low = vdupq_n_u8(wanted.low);
  const uint8x16_t width = vdupq_n_u8(static_cast<std::uint8_t>(wanted.high - wanted.low));
  const auto in_class = [&](const std::byte* at) {
    return vcleq_u8(vsubq_u8(load(at), low), width);
  };
  for (std::size_t w = 0; w < words; ++w, bytes += 64)
    masks[w] =
        bits(in_class(bytes), in_class(bytes + 16), in_class(bytes + 32), in_class(bytes + 48));
}

void neon_difference_masks(const std::byte* a, const std::byte* b, std::size_t words,
                           std::uint64_t* masks) noexcept {
  const auto equal = [&](std::size_t at) { return vceqq_u8(load(a + at), load(b + at)); };
  for (std::size_t w = 0; w < words; ++w)
    masks[w] = ~bits(equal(64 * w), equal(64 * w + 16), equal(64 * w + 32), equal(64 * w + 48));
}

}  // namespace

const ByteMaskTier kNeonByteMasks{"neon", neon_class_masks, neon_difference_masks, find_runs};

}  // namespace mapscope
