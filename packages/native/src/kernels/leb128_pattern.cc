#include "leb128_pattern.h"

namespace mapscope {
namespace {

// The tenth byte holds bit 63 alone: what is above it must say the same.
constexpr std::uint32_t kLastShift = 63;

bool fits_in_64_bits(Octet tenth, bool is_signed) {
  return tenth == 0 || tenth == (is_signed ? 0x7f : 0x01);
}

class Leb128Scanner final : public Scanner {
 public:
  Leb128Scanner(const Leb128Pattern& pattern, const MatchRules& rules)
      : pattern_(pattern), rules_(rules) {}

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    const Alignment alignment(rules_, text.offset);
    for (std::uint64_t place = 0; place < text.places; ++place) {
      const std::uint32_t length = pattern_.matched_length(text.begin + place, text.end);
      if (length == 0 || !alignment.has(place)) continue;
      if (hits.is_full()) return place;
      hits.add(place, length);
    }
    return text.places;
  }

 private:
  const Leb128Pattern& pattern_;
  const MatchRules rules_;
};

}  // namespace

Leb128Pattern::Leb128Pattern(bool is_signed, const WideInteger& min, const WideInteger& max)
    : is_signed_(is_signed) {
  const IntegerBounds bounds = overlap(IntegerType{64, is_signed}, min, max);
  is_empty_ = bounds.is_empty;
  low_ = bounds.low;
  span_ = bounds.high - bounds.low;
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
