// A number of a fixed width in a range.
#pragma once

#include <cstdint>
#include <memory>
#include <variant>

#include "pattern.h"
#include "tiers.h"

namespace mapscope {

// As wide as a bigint comes: what does not fit in 64 bits is only known to be beyond them.
struct WideInteger {
  bool is_negative;
  bool is_beyond;
  std::uint64_t magnitude;
};

// -1, 0 or 1.
int compare(const WideInteger& a, const WideInteger& b);

// The integers of a type.
struct IntegerType {
  std::uint32_t bits;  // 8 to 64
  bool is_signed;

  WideInteger lowest() const;
  WideInteger highest() const;
};

// Where a range and a type overlap, in two's complement.
struct IntegerBounds {
  bool is_empty;
  std::uint64_t low;
  std::uint64_t high;
};
IntegerBounds overlap(const IntegerType& type, const WideInteger& min, const WideInteger& max);

NumberRange integer_range(const IntegerType& type, const WideInteger& min, const WideInteger& max);
// Of 2, 4 or 8 bytes. No bound is NaN.
NumberRange float_range(std::uint32_t byte_length, double min, double max);

class NumberPattern final : public Pattern {
 public:
  NumberPattern(const NumberRange& range, bool is_little_endian, const Tier& tier);

  std::uint64_t min_byte_length() const override { return range_.byte_length; }
  std::uint64_t max_byte_length() const override { return range_.byte_length; }
  std::uint64_t byte_length_of(std::uint32_t) const override { return range_.byte_length; }
  std::unique_ptr<Scanner> scanner(const MatchRules& rules) const override;

 private:
  NumberRange range_;
  const Tier& tier_;
};

}  // namespace mapscope
