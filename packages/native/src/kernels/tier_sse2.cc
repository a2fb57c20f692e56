// The loops with vectors of 16 bytes, which every x64 has.
#include <emmintrin.h>

#include <cstring>

#include "tiers.h"

namespace mapscope {
namespace {

struct Lanes {
  static constexpr std::uint64_t kWidth = 16;
  using Vector = __m128i;

  static Vector broadcast(Octet byte) { return _mm_set1_epi8(static_cast<char>(byte)); }
  static Vector load(const Octet* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  }
  static void ask_for(const Octet* at) {
    _mm_prefetch(reinterpret_cast<const char*>(at), _MM_HINT_T0);
  }
  static Vector equal(Vector a, Vector b) { return _mm_cmpeq_epi8(a, b); }
  static Vector both(Vector a, Vector b) { return _mm_and_si128(a, b); }
  static Vector either(Vector a, Vector b) { return _mm_or_si128(a, b); }
  static bool is_any(Vector a) { return _mm_movemask_epi8(a) != 0; }
  static std::uint64_t bits(Vector a) { return static_cast<std::uint32_t>(_mm_movemask_epi8(a)); }
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

const Tier kSse2Tier = {"sse2", scan_masked, accepted_bits, scan_number, nullptr};

}  // namespace mapscope
