#include "leb128_pattern.h"

#include <algorithm>
#include <bit>

#include "masked_bytes.h"

namespace mapscope {
namespace {

// The tenth byte holds bit 63 alone: what is above it must say the same.
constexpr std::uint32_t kLastShift = 63;

bool fits_in_64_bits(Octet tenth, bool is_signed) {
  return tenth == 0 || tenth == (is_signed ? 0x7f : 0x01);
}

// A bit for each of the 64 bytes at `at` that is not a number's last. Without vectors: eight bytes
// a multiplication.
std::uint64_t going_on(const Octet* at) {
  std::uint64_t bits = 0;
  for (std::uint32_t word = 0; word < 8; ++word) {
    const std::uint64_t tops = load_64(at + word * 8) & 0x8080808080808080;
    bits |= ((tops >> 7) * 0x0102040810204080 >> 56) << (word * 8);
  }
  return bits;
}

// Numbers that are as long as the range's least are rare among the bytes of most files: so the
// places are looked for where so many bytes in a row go on.
class Leb128Scanner final : public Scanner {
 public:
  Leb128Scanner(const Leb128Pattern& pattern, const MatchRules& rules)
      : pattern_(pattern), rules_(rules) {}

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    const Alignment alignment(rules_, text.offset);
    // The last places of a block need the bytes of the next one.
    const std::uint64_t sifted =
        text.byte_length() < 128 ? 0 : std::min(text.places, text.byte_length() - 127) / 64 * 64;
    for (std::uint64_t base = 0; base < text.places; base += 64) {
      std::uint64_t places = ~std::uint64_t{0};
      if (base < sifted) {
        places = alignment.only(base, candidates(text.begin + base));
      } else if (text.places - base < 64) {
        places >>= 64 - (text.places - base);
      }
      for (; places != 0; places &= places - 1) {
        const std::uint64_t place = base + static_cast<std::uint64_t>(std::countr_zero(places));
        const std::uint32_t length = pattern_.matched_length(text.begin + place, text.end);
        if (length == 0 || !alignment.has(place)) continue;
        if (hits.is_full()) return place;
        hits.add(place, length);
      }
    }
    return text.places;
  }

 private:
  std::uint64_t candidates(const Octet* at) const {
    if (pattern_.least_bytes() == 1) return ~std::uint64_t{0};
    const std::uint64_t first = going_on(at);
    if (first == 0) return 0;
    const std::uint64_t second = going_on(at + 64);
    std::uint64_t all = first;
    for (std::uint32_t shift = 1; shift + 1 < pattern_.least_bytes(); ++shift)
      all &= first >> shift | second << (64 - shift);
    return all;
  }

  const Leb128Pattern& pattern_;
  const MatchRules rules_;
};

std::uint32_t least_bytes_of(bool is_signed, std::uint64_t low, std::uint64_t high) {
  const auto signed_low = static_cast<std::int64_t>(low);
  const auto signed_high = static_cast<std::int64_t>(high);
  for (std::uint32_t bytes = 1; bytes < 10; ++bytes) {
    if (!is_signed && low >> (7 * bytes) == 0) return bytes;
    const std::int64_t bound = std::int64_t{1} << (7 * bytes - 1);
    if (is_signed && signed_low < bound && signed_high >= -bound) return bytes;
  }
  return 10;
}

}  // namespace

Leb128Pattern::Leb128Pattern(bool is_signed, const WideInteger& min, const WideInteger& max)
    : is_signed_(is_signed) {
  const IntegerBounds bounds = overlap(IntegerType{64, is_signed}, min, max);
  is_empty_ = bounds.is_empty;
  low_ = bounds.low;
  span_ = bounds.high - bounds.low;
  least_bytes_ = least_bytes_of(is_signed, bounds.low, bounds.high);
}

template <bool kIsSigned>
std::uint32_t Leb128Pattern::matched(const Octet* at, const Octet* end) const noexcept {
  std::uint64_t value = 0;
  std::uint32_t shift = 0;
  for (std::uint32_t length = 1; length <= kMostBytes && at != end; ++length, ++at) {
    const Octet byte = *at;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte >= 0x80) {
      shift += 7;
      continue;
    }
    if (shift == kLastShift && !fits_in_64_bits(byte, kIsSigned)) return 0;
    if (kIsSigned && shift < kLastShift - 6 && (byte & 0x40) != 0)
      value |= ~std::uint64_t{0} << (shift + 7);
    return !is_empty_ && value - low_ <= span_ ? length : 0;
  }
  return 0;
}

std::unique_ptr<Scanner> Leb128Pattern::scanner(const MatchRules& rules) const {
  return std::make_unique<Leb128Scanner>(*this, rules);
}

}  // namespace mapscope
