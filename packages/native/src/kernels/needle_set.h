// Many needles at once.
#pragma once

#include <memory>
#include <vector>

#include "masked_bytes.h"
#include "needle_filter.h"
#include "pattern.h"
#include "tiers.h"

namespace mapscope {

struct NeedleBytes {
  std::vector<Octet> values;
  std::vector<Octet> masks;  // empty: all bits count
};

// The detail of a hit is the needle's number.
class NeedleSet final : public Pattern {
 public:
  // At least one needle, of at least one byte each.
  NeedleSet(std::vector<NeedleBytes> needles, const Tier& tier);

  std::uint64_t min_byte_length() const override { return min_byte_length_; }
  std::uint64_t max_byte_length() const override { return max_byte_length_; }
  std::uint64_t max_hits_per_place() const override { return needles_.size(); }
  std::uint64_t byte_length_of(std::uint32_t detail) const override {
    return needles_[detail].byte_length;
  }
  bool has_which() const override { return true; }
  std::unique_ptr<Scanner> scanner(const MatchRules& rules) const override;

  const std::vector<MaskedBytes>& needles() const { return needles_; }
  // Each needle that can match at all is in one of them.
  const std::vector<std::unique_ptr<NeedleFilter>>& filters() const { return filters_; }

 private:
  void choose_filters(const Tier& tier);

  std::vector<NeedleBytes> bytes_;
  std::vector<MaskedBytes> needles_;
  std::vector<std::unique_ptr<NeedleFilter>> filters_;
  std::uint64_t min_byte_length_;
  std::uint64_t max_byte_length_;
};

}  // namespace mapscope
