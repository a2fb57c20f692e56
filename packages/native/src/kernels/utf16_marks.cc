// ASCII in two bytes. Neither at even nor at odd offsets alone: a string may begin anywhere, and
// two that begin at either never share a byte, since a byte would have to be zero for the one and a
// letter for the other. So both are found in one pass, and a run of marked bytes is one string.
//
// Rejected: every printable character of the BMP. 87 of 100 pairs of random bytes are one, so all
// of a binary would be strings, and every real one would have garbage at both ends.
#include "run_marks.h"

namespace mapscope {
namespace {

constexpr ByteClass kLetters{0x20, 0x7e};
constexpr ByteClass kZero{0, 0};

// `first` and `second`: what a character's bytes are.
MarkCarry mark_pairs(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                     MarkCarry carry, RunMarks& marks, ByteClass first, ByteClass second) noexcept {
  std::uint64_t firsts[kMarkWords];
  std::uint64_t seconds[kMarkWords + 1];
  class_masks(tier, bytes, length, kMarkWords, first, firsts);
  class_masks(tier, bytes, length, kMarkWords + 1, second, seconds);
  for (std::size_t w = 0; w < kMarkWords; ++w) {
    const std::uint64_t starts = firsts[w] & (seconds[w] >> 1 | seconds[w + 1] << 63);
    marks.starts[w] = starts;
    marks.in_run[w] = starts | starts << 1 | carry;
    carry = starts >> 63;
  }
  return carry;
}

MarkCarry mark_le(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                  MarkCarry carry, RunMarks& marks) noexcept {
  return mark_pairs(tier, bytes, length, carry, marks, kLetters, kZero);
}

MarkCarry mark_be(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                  MarkCarry carry, RunMarks& marks) noexcept {
  return mark_pairs(tier, bytes, length, carry, marks, kZero, kLetters);
}

}  // namespace

const RunKind kUtf16LeText{"utf16le", 1, 2, false, 0, mark_le};
const RunKind kUtf16BeText{"utf16be", 1, 2, false, 0, mark_be};

}  // namespace mapscope
