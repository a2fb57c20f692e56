// Runs of sets of bytes, one after the other: `https?://[\w./-]+`. Each takes as many bytes as it
// can and gives none back, so whoever makes one sees to it that no byte that ends a run could have
// been left to what follows.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "masked_pattern.h"
#include "pattern.h"

namespace mapscope {

struct ByteRun {
  static constexpr std::uint64_t kUnbounded = ~std::uint64_t{0};

  std::array<bool, 256> takes;
  std::uint64_t least;
  std::uint64_t most;
};

// Bytes that each match has, always as far behind its start: what is looked for.
struct Anchor {
  std::vector<Octet> values;
  std::vector<Octet> masks;
  std::uint64_t offset;
};

class SequencePattern final : public Pattern {
 public:
  // Farther than that no match is followed.
  static constexpr std::uint64_t kFollowed = 64 << 10;

  // The runs need at most half of kFollowed, and the anchor lies within what they need.
  SequencePattern(std::vector<ByteRun> runs, Anchor anchor, const Tier& tier);

  std::uint64_t min_byte_length() const override { return least_; }
  std::uint64_t max_byte_length() const override { return most_; }
  std::uint64_t byte_length_of(std::uint32_t detail) const override { return detail; }
  bool can_step_over_hits() const override { return true; }
  std::unique_ptr<Scanner> scanner(const MatchRules& rules) const override;

  // The length of the match at `at`, 0 when there is none; one more than the longest when the bytes
  // before `end`, or those that it is followed through, do not tell.
  std::uint64_t length_at(const Octet* at, const Octet* end) const noexcept;

  const MaskedPattern& anchor() const { return anchor_; }
  std::uint64_t anchor_offset() const { return anchor_offset_; }

 private:
  std::vector<ByteRun> runs_;
  MaskedPattern anchor_;
  std::uint64_t anchor_offset_;
  std::uint64_t least_;
  std::uint64_t most_;
};

}  // namespace mapscope
