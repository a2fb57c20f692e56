#include "number_pattern.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace mapscope {
namespace {

class NumberScanner final : public Scanner {
 public:
  NumberScanner(const NumberRange& range, const Tier& tier, const MatchRules& rules)
      : range_(range), tier_(tier), rules_(rules) {}

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    return tier_.scan_number(range_, Alignment(rules_, text.offset), text, hits);
  }

 private:
  const NumberRange& range_;
  const Tier& tier_;
  const MatchRules rules_;
};

constexpr std::int32_t kHalfInfinity = 0x7c00;

// Of a half that is at least 0 and no NaN.
double half_value(std::int32_t bits) {
  const std::int32_t exponent = bits >> 10;
  const std::int32_t fraction = bits & 0x3ff;
  if (bits == kHalfInfinity) return std::numeric_limits<double>::infinity();
  return exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
}

// Halves in the order of their values, from -infinity to infinity: -1 is -0, 0 is 0.
double half_of_key(std::int32_t key) { return key < 0 ? -half_value(-1 - key) : half_value(key); }

// The first key, of all and one more, whose value is not below (or is above) a bound.
template <class IsBefore>
std::int32_t first_half(IsBefore is_before) {
  std::int32_t low = -1 - kHalfInfinity;
  std::int32_t high = kHalfInfinity + 1;
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (is_before(half_of_key(middle))) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

NumberRange half_range(double min, double max) {
  const std::int32_t first = first_half([min](double value) { return value < min; });
  const std::int32_t last = first_half([max](double value) { return value <= max; }) - 1;
  NumberRange range{};
  range.kind = NumberKind::kHalf;
  range.byte_length = 2;
  range.is_empty = first > last;
  range.low = static_cast<std::uint16_t>(first);
  range.span = static_cast<std::uint64_t>(std::max(last - first, 0));
  return range;
}

// Rounded inwards, so that the range holds the same floats.
double float_not_below(double bound) {
  const auto nearest = static_cast<float>(bound);
  return nearest < bound ? std::nextafter(nearest, std::numeric_limits<float>::infinity())
                         : nearest;
}
double float_not_above(double bound) { return -float_not_below(-bound); }

}  // namespace

int compare(const WideInteger& a, const WideInteger& b) {
  if (a.is_negative != b.is_negative) return a.is_negative ? -1 : 1;
  const int larger = a.is_negative ? -1 : 1;
  if (a.is_beyond != b.is_beyond) return a.is_beyond ? larger : -larger;
  if (a.is_beyond || a.magnitude == b.magnitude) return 0;
  return a.magnitude > b.magnitude ? larger : -larger;
}

WideInteger IntegerType::lowest() const {
  if (!is_signed) return WideInteger{false, false, 0};
  return WideInteger{true, false, std::uint64_t{1} << (bits - 1)};
}

WideInteger IntegerType::highest() const {
  return WideInteger{false, false, ~std::uint64_t{0} >> (64 - bits + (is_signed ? 1 : 0))};
}

IntegerBounds overlap(const IntegerType& type, const WideInteger& min, const WideInteger& max) {
  const WideInteger low = compare(min, type.lowest()) < 0 ? type.lowest() : min;
  const WideInteger high = compare(max, type.highest()) > 0 ? type.highest() : max;
  const auto complement = [](const WideInteger& value) {
    return value.is_negative ? ~value.magnitude + 1 : value.magnitude;
  };
  if (compare(low, high) > 0) return IntegerBounds{true, 0, 0};
  return IntegerBounds{false, complement(low), complement(high)};
}

NumberRange integer_range(const IntegerType& type, const WideInteger& min, const WideInteger& max) {
  const IntegerBounds bounds = overlap(type, min, max);
  NumberRange range{};
  range.kind = NumberKind::kInteger;
  range.byte_length = type.bits / 8;
  range.is_empty = bounds.is_empty;
  range.low = bounds.low;
  range.span = bounds.high - bounds.low;
  return range;
}

NumberRange float_range(std::uint32_t byte_length, double min, double max) {
  if (byte_length == 2) return half_range(min, max);
  NumberRange range{};
  range.kind = NumberKind::kFloat;
  range.byte_length = byte_length;
  range.float_low = byte_length == 4 ? float_not_below(min) : min;
  range.float_high = byte_length == 4 ? float_not_above(max) : max;
  range.is_empty = !(range.float_low <= range.float_high);
  return range;
}

NumberPattern::NumberPattern(const NumberRange& range, bool is_little_endian, const Tier& tier)
    : range_(range), tier_(tier) {
  range_.is_swapped = is_little_endian != (std::endian::native == std::endian::little);
}

std::unique_ptr<Scanner> NumberPattern::scanner(const MatchRules& rules) const {
  return std::make_unique<NumberScanner>(range_, tier_, rules);
}

}  // namespace mapscope
