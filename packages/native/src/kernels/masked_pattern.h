// One needle, with or without bits that do not count.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "exclusions.h"
#include "masked_bytes.h"
#include "pattern.h"
#include "period.h"
#include "tiers.h"

namespace mapscope {

class MaskedPattern final : public Pattern {
 public:
  // `masks` is as long as `values`, or empty: all bits count. At least one byte, at most 2^32 - 1.
  MaskedPattern(std::vector<Octet> values, std::vector<Octet> masks, const Tier& tier);

  std::uint64_t min_byte_length() const override { return values_.size(); }
  std::uint64_t max_byte_length() const override { return values_.size(); }
  std::uint64_t byte_length_of(std::uint32_t) const override { return values_.size(); }
  bool can_step_over_hits() const override { return true; }
  std::unique_ptr<Scanner> scanner(const MatchRules& rules) const override;

  const MaskedBytes& needle() const { return needle_; }
  // Of a needle all of whose bits count.
  const Period* period() const { return period_ ? &*period_ : nullptr; }
  // Of a long needle some of whose bits do not count, when some bytes tell nothing of it.
  const TellingBytes* telling() const { return telling_ ? &*telling_ : nullptr; }
  const Tier& tier() const { return tier_; }

 private:
  std::vector<Octet> values_;
  std::vector<Octet> masks_;
  MaskedBytes needle_;
  std::optional<Period> period_;
  std::optional<TellingBytes> telling_;
  const Tier& tier_;
};

}  // namespace mapscope
