// 16 bytes at a time; every x86-64 has it.
#include <emmintrin.h>

#include "byte_masks_tiers.h"

#define MAPSCOPE_RUNS_TARGET
#include "mask_runs_body.h"

namespace mapscope {
namespace {

__m128i load(const std::byte* from) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

std::uint64_t bits(__m128i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

template <class Compare>
std::uint64_t word_of(Compare compare) noexcept {
  return compare(0) | compare(16) << 16 | compare(32) << 32 | compare(48) << 48;
}

void sse2_class_masks(const std::byte* bytes, std::size_t words, ByteClass wanted,
                      std::uint64_t* masks) noexcept {
  const __m128i low = _mm_set1_epi8(static_cast<char>(wanted.low));
  const __m128i width = _mm_set1_epi8(static_cast<char>(wanted.high - wanted.low));
  for (std::size_t w = 0; w < words; ++w, bytes += 64) {
    masks[w] = word_of([&](int at) {
      // There is no unsigned comparison; but what a minimum leaves alone is not above.
      const __m128i above = _mm_sub_epi8(load(bytes + at), low);
      return bits(_mm_cmpeq_epi8(_mm_min_epu8(above, width), above));
    });
  }
}

void sse2_difference_masks(const std::byte* a, const std::byte* b, std::size_t words,
                           std::uint64_t* masks) noexcept {
  for (std::size_t w = 0; w < words; ++w, a += 64, b += 64) {
    masks[w] = ~word_of([&](int at) { return bits(_mm_cmpeq_epi8(load(a + at), load(b + at))); });
  }
}

}  // namespace

const ByteMaskTier kSse2ByteMasks{"sse2", sse2_class_masks, sse2_difference_masks, find_runs};

}  // namespace mapscope
