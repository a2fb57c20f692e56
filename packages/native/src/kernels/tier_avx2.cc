// The loops with vectors of 32 bytes. No function of a shared header may be compiled for AVX2, for
// the linker keeps one copy for all: so those headers come first.
#include <immintrin.h>

#include <cstring>

#include "tiers.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))), apply_to = function)
#else
#pragma GCC target("avx2,bmi,popcnt")
#endif

namespace mapscope {
namespace {

struct Lanes {
  static constexpr std::uint64_t kWidth = 32;
  using Vector = __m256i;

  static Vector broadcast(Octet byte) { return _mm256_set1_epi8(static_cast<char>(byte)); }
  static Vector load(const Octet* at) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  }
  static void ask_for(const Octet* at) {
    _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0);
  }
  static Vector equal(Vector a, Vector b) { return _mm256_cmpeq_epi8(a, b); }
  static Vector both(Vector a, Vector b) { return _mm256_and_si256(a, b); }
  static Vector either(Vector a, Vector b) { return _mm256_or_si256(a, b); }
  static bool is_any(Vector a) { return _mm256_testz_si256(a, a) == 0; }
  static std::uint64_t bits(Vector a) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(a));
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

const Tier kAvx2Tier = {"avx2", scan_masked, accepted_bits, scan_number, avx2_mark_nibbles};

}  // namespace mapscope

#if defined(__clang__)
#pragma clang attribute pop
#endif
