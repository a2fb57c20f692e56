// 16 places at a time, twice for a block; every arm64 has it.
#include <arm_neon.h>

#include "nibble_marks.h"

namespace mapscope {
namespace {

// Of the 16 places from `at` on. Stored; whether there is any is the answer.
bool mark(const NibbleGroups& wanted, const Octet* at, std::size_t place,
          NibbleMarks& marks) noexcept {
  uint8x16_t low[kNibbleBytes];
  uint8x16_t high[kNibbleBytes];
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    const uint8x16_t bytes = vld1q_u8(at + i);
    low[i] = vandq_u8(bytes, vdupq_n_u8(0x0f));
    high[i] = vshrq_n_u8(bytes, 4);
  }
  uint8x16_t any = vdupq_n_u8(0);
  for (std::size_t g = 0; g < wanted.count; ++g) {
    const NibbleGroup& group = wanted.groups[g];
    uint8x16_t found = vdupq_n_u8(0xff);
    for (std::size_t i = 0; i < kNibbleBytes; ++i) {
      found = vandq_u8(found, vqtbl1q_u8(vld1q_u8(group.low[i]), low[i]));
      found = vandq_u8(found, vqtbl1q_u8(vld1q_u8(group.high[i]), high[i]));
    }
    vst1q_u8(marks[g] + place, found);
    any = vorrq_u8(any, found);
  }
  return vmaxvq_u8(any) != 0;
}

}  // namespace

std::size_t neon_mark_nibbles(const NibbleGroups& wanted, const Octet* begin, std::size_t blocks,
                              std::size_t from, NibbleMarks& marks) noexcept {
  for (std::size_t block = from; block < blocks; ++block) {
    const Octet* const at = begin + block * kNibbleBlock;
    const bool is_first = mark(wanted, at, 0, marks);
    const bool is_second = mark(wanted, at + 16, 16, marks);
    if (is_first || is_second) return block;
  }
  return blocks;
}

}  // namespace mapscope
