// 32 bytes at a time. The functions carry their target themselves, so that nothing else in the
// addon is compiled for a processor that may not be there. (AVX-512 brought nothing at memory
// speed.)
#include <immintrin.h>

#include "byte_masks_tiers.h"

#define MAPSCOPE_RUNS_TARGET __attribute__((target("avx2,bmi,popcnt")))
#include "mask_runs_body.h"

namespace mapscope {
namespace {

#define MAPSCOPE_AVX2 __attribute__((target("avx2")))

MAPSCOPE_AVX2 inline __m256i load(const std::byte* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

MAPSCOPE_AVX2 inline std::uint64_t bits(__m256i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes));
}

MAPSCOPE_AVX2 inline std::uint64_t in_class(const std::byte* bytes, __m256i low,
                                            __m256i width) noexcept {
  const __m256i above = _mm256_sub_epi8(load(bytes), low);
  return bits(_mm256_cmpeq_epi8(_mm256_min_epu8(above, width), above));
}

MAPSCOPE_AVX2 void avx2_class_masks(const std::byte* bytes, std::size_t words, ByteClass wanted,
                                    std::uint64_t* masks) noexcept {
  const __m256i low = _mm256_set1_epi8(static_cast<char>(wanted.low));
  const __m256i width = _mm256_set1_epi8(static_cast<char>(wanted.high - wanted.low));
  for (std::size_t w = 0; w < words; ++w, bytes += 64)
    masks[w] = in_class(bytes, low, width) | in_class(bytes + 32, low, width) << 32;
}

MAPSCOPE_AVX2 inline std::uint64_t equal(const std::byte* a, const std::byte* b) noexcept {
  return bits(_mm256_cmpeq_epi8(load(a), load(b)));
}

MAPSCOPE_AVX2 void avx2_difference_masks(const std::byte* a, const std::byte* b, std::size_t words,
                                         std::uint64_t* masks) noexcept {
  for (std::size_t w = 0; w < words; ++w, a += 64, b += 64)
    masks[w] = ~(equal(a, b) | equal(a + 32, b + 32) << 32);
}

}  // namespace

const ByteMaskTier kAvx2ByteMasks{"avx2", avx2_class_masks, avx2_difference_masks, find_runs};

}  // namespace mapscope
