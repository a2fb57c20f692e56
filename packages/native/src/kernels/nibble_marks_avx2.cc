// 32 places at a time. The functions carry their target themselves, so that nothing else in the
// addon is compiled for a processor that may not be there.
#include <immintrin.h>

#include "nibble_marks.h"

namespace mapscope {
namespace {

#define MAPSCOPE_AVX2 __attribute__((target("avx2")))

struct Halves {
  __m256i low;
  __m256i high;
};

MAPSCOPE_AVX2 inline Halves halves(const Octet* at) noexcept {
  const __m256i four_bits = _mm256_set1_epi8(0x0f);
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
  return Halves{_mm256_and_si256(bytes, four_bits),
                _mm256_and_si256(_mm256_srli_epi16(bytes, 4), four_bits)};
}

MAPSCOPE_AVX2 inline __m256i looked_up(const Octet* table, __m256i halves) noexcept {
  const __m128i one = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(one), halves);
}

MAPSCOPE_AVX2 inline __m256i marked(const NibbleGroup& group, const Halves* bytes) noexcept {
  __m256i marks = _mm256_set1_epi8(-1);
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    marks = _mm256_and_si256(marks, looked_up(group.low[i], bytes[i].low));
    marks = _mm256_and_si256(marks, looked_up(group.high[i], bytes[i].high));
  }
  return marks;
}

// The number of groups is known to the compiler, which so keeps their marks in registers.
template <std::size_t Count>
MAPSCOPE_AVX2 std::size_t mark(const NibbleGroup* groups, const Octet* begin, std::size_t blocks,
                               std::size_t from, NibbleMarks& marks) noexcept {
  for (std::size_t block = from; block < blocks; ++block) {
    const Octet* const at = begin + block * kNibbleBlock;
    const Halves bytes[kNibbleBytes] = {halves(at), halves(at + 1), halves(at + 2)};
    __m256i found[Count];
    __m256i any = _mm256_setzero_si256();
    for (std::size_t g = 0; g < Count; ++g) {
      found[g] = marked(groups[g], bytes);
      any = _mm256_or_si256(any, found[g]);
    }
    if (_mm256_testz_si256(any, any) != 0) continue;
    for (std::size_t g = 0; g < Count; ++g)
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(marks[g]), found[g]);
    return block;
  }
  return blocks;
}

}  // namespace

std::size_t avx2_mark_nibbles(const NibbleGroups& wanted, const Octet* begin, std::size_t blocks,
                              std::size_t from, NibbleMarks& marks) noexcept {
  switch (wanted.count) {
    case 1:
      return mark<1>(wanted.groups, begin, blocks, from, marks);
    case 2:
      return mark<2>(wanted.groups, begin, blocks, from, marks);
    case 3:
      return mark<3>(wanted.groups, begin, blocks, from, marks);
    default:
      return mark<4>(wanted.groups, begin, blocks, from, marks);
  }
}

}  // namespace mapscope
