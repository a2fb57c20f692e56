// UTF-8 by masks: leads and continuations are found 64 at a time; only where a lead is followed by
// enough continuations for three or four bytes, 1 of 200 random bytes, is a character decoded.
//
// Printable is what is meant to be seen and exchanged: no control, no line or paragraph separator,
// no private use, no noncharacter, nothing from planes where nothing is assigned (4 to 14).
#include <bit>

#include "run_marks.h"

namespace mapscope {
namespace {

constexpr ByteClass kAscii{0x20, 0x7e};
constexpr ByteClass kContinuations{0x80, 0xbf};
constexpr ByteClass kLeadsOf2{0xc2, 0xdf};
// C2 80 to C2 9F are the C1 controls, and the only characters of two bytes that are not printable.
constexpr ByteClass kControlLead{0xc2, 0xc2};
constexpr ByteClass kControlEnds{0x80, 0x9f};
constexpr ByteClass kLeadsOf3{0xe0, 0xef};
constexpr ByteClass kLeadsOf4{0xf0, 0xf4};

std::uint32_t at(const std::byte* bytes, unsigned index) noexcept {
  return std::to_integer<std::uint32_t>(bytes[index]);
}

// Of three bytes or more.
bool is_printable(std::uint32_t point) noexcept {
  if (point == 0x2028 || point == 0x2029) return false;  // separators
  if (point >= 0xd800 && point <= 0xf8ff) return false;  // surrogates, private use
  if (point >= 0xfdd0 && point <= 0xfdef) return false;  // noncharacters
  if (point == 0xfeff || (point >= 0xfff0 && point <= 0xfffb)) return false;  // specials
  return (point & 0xfffe) != 0xfffe && point < 0x40000;
}

// The leads and continuations are known to be such.
bool is_printable_at(const std::byte* bytes, unsigned byte_length) noexcept {
  if (byte_length == 3) {
    const std::uint32_t point =
        (at(bytes, 0) & 0x0f) << 12 | (at(bytes, 1) & 0x3f) << 6 | (at(bytes, 2) & 0x3f);
    return point >= 0x800 && is_printable(point);
  }
  const std::uint32_t point = (at(bytes, 0) & 0x07) << 18 | (at(bytes, 1) & 0x3f) << 12 |
                              (at(bytes, 2) & 0x3f) << 6 | (at(bytes, 3) & 0x3f);
  return point >= 0x10000 && is_printable(point);
}

struct Masks {
  std::uint64_t ascii[kMarkWords];
  std::uint64_t continuations[kMarkWords + 1];
  std::uint64_t leads_of_2[kMarkWords];
  std::uint64_t control_leads[kMarkWords];
  std::uint64_t control_ends[kMarkWords + 1];
  std::uint64_t leads_of_3[kMarkWords];
  std::uint64_t leads_of_4[kMarkWords];
};

// Of the leads of characters of so many bytes, those that begin a printable one.
std::uint64_t printable(const std::byte* word, std::uint64_t leads, unsigned byte_length) noexcept {
  std::uint64_t right = 0;
  for (; leads != 0; leads &= leads - 1) {
    const int bit = std::countr_zero(leads);
    if (is_printable_at(word + bit, byte_length)) right |= std::uint64_t{1} << bit;
  }
  return right;
}

MarkCarry mark_utf8(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                    MarkCarry carry, RunMarks& marks) noexcept {
  Masks masks;
  class_masks(tier, bytes, length, kMarkWords, kAscii, masks.ascii);
  class_masks(tier, bytes, length, kMarkWords + 1, kContinuations, masks.continuations);
  class_masks(tier, bytes, length, kMarkWords, kLeadsOf2, masks.leads_of_2);
  class_masks(tier, bytes, length, kMarkWords, kControlLead, masks.control_leads);
  class_masks(tier, bytes, length, kMarkWords + 1, kControlEnds, masks.control_ends);
  class_masks(tier, bytes, length, kMarkWords, kLeadsOf3, masks.leads_of_3);
  class_masks(tier, bytes, length, kMarkWords, kLeadsOf4, masks.leads_of_4);
  for (std::size_t w = 0; w < kMarkWords; ++w) {
    const auto continued = [&](unsigned by) {
      return masks.continuations[w] >> by | masks.continuations[w + 1] << (64 - by);
    };
    const std::byte* const word = bytes + w * 64;
    const std::uint64_t one = continued(1);
    const std::uint64_t two = one & continued(2);
    const std::uint64_t controls =
        masks.control_leads[w] & (masks.control_ends[w] >> 1 | masks.control_ends[w + 1] << 63);
    const std::uint64_t twos = masks.leads_of_2[w] & one & ~controls;
    const std::uint64_t threes = printable(word, masks.leads_of_3[w] & two, 3);
    const std::uint64_t fours = printable(word, masks.leads_of_4[w] & two & continued(3), 4);
    const std::uint64_t starts = masks.ascii[w] | twos | threes | fours;
    const std::uint64_t longer = twos | threes | fours;
    const std::uint64_t longest = threes | fours;
    marks.starts[w] = starts;
    marks.in_run[w] = starts | longer << 1 | longest << 2 | fours << 3 | carry;
    carry = longer >> 63 | longest >> 62 | fours >> 61;
  }
  return carry;
}

}  // namespace

const RunKind kUtf8Text{"utf8", 3, 1, false, 0, mark_utf8};

}  // namespace mapscope
