// A number of variable length (LEB128) in a range: 7 bits a byte, the lowest first, the top bit set
// in all but the last. At most 10 bytes, with or without padding; the detail of a hit is its
// length.
#pragma once

#include <memory>

#include "number_pattern.h"
#include "pattern.h"

namespace mapscope {

class Leb128Pattern final : public Pattern {
 public:
  static constexpr std::uint64_t kMostBytes = 10;

  Leb128Pattern(bool is_signed, const WideInteger& min, const WideInteger& max);

  std::uint64_t min_byte_length() const override { return 1; }
  std::uint64_t max_byte_length() const override { return kMostBytes; }
  std::uint64_t byte_length_of(std::uint32_t detail) const override { return detail; }
  std::unique_ptr<Scanner> scanner(const MatchRules& rules) const override;

  // The length of the number at `at` when it is whole before `end`, fits in 64 bits and is in the
  // range; 0 otherwise.
  std::uint32_t matched_length(const Octet* at, const Octet* end) const noexcept {
    return is_signed_ ? matched<true>(at, end) : matched<false>(at, end);
  }

  // How many bytes a number in the range has at least.
  std::uint32_t least_bytes() const { return least_bytes_; }

 private:
  template <bool kIsSigned>
  std::uint32_t matched(const Octet* at, const Octet* end) const noexcept;

  bool is_signed_;
  bool is_empty_;
  std::uint64_t low_;
  std::uint64_t span_;
  std::uint32_t least_bytes_;
};

}  // namespace mapscope
