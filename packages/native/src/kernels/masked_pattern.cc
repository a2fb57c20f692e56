#include "masked_pattern.h"

#include <algorithm>
#include <utility>

#include "masked_run.h"

namespace mapscope {
namespace {

// How far a sample of a text's bytes is trusted.
constexpr std::uint64_t kSampledEvery = 32 << 20;
// Shorter masked needles are compared in no time.
constexpr std::uint64_t kLongMasked = 256;
// Texts searched surely, one after the other, before probes get another chance.
constexpr std::uint32_t kMostSureTexts = 64;

bool all_bits_count(const std::vector<Octet>& masks) {
  return std::all_of(masks.begin(), masks.end(), [](Octet mask) { return mask == 0xff; });
}

class MaskedScanner final : public Scanner {
 public:
  MaskedScanner(const MaskedPattern& pattern, const MatchRules& rules)
      : pattern_(pattern), rules_(rules), probes_(guessed_probes(pattern.needle())) {
    if (pattern.telling() != nullptr)
      exclusions_.emplace(*pattern.telling(), pattern.tier().accepted_bits);
  }

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    sample_when_due(text);
    const Period* const period = pattern_.period();
    MaskedRun run(pattern_.needle(), period == nullptr ? 0 : period->byte_length(), rules_, probes_,
                  text);
    run.density = density_;
    std::uint64_t place = 0;
    const bool is_sure = sure_texts_left_ > 0;
    if (is_sure) {
      --sure_texts_left_;
      place = scan_surely(run, text, 0, hits);
    }
    bool is_enough = is_sure;
    while (place < text.places && run.halt != Halt::kFull && !is_enough) {
      run.halt = Halt::kNone;
      place = pattern_.tier().scan_masked(run, text, place, hits);
      if (run.halt != Halt::kDoesNotPay) continue;
      // At least somebody may cancel, and the sure way does the same when it takes too long.
      is_enough = true;
      if (period == nullptr && !exclusions_) break;
      sure_texts_ = std::min(sure_texts_ * 2 + 1, kMostSureTexts);
      sure_texts_left_ = sure_texts_;
      place = scan_surely(run, text, place, hits);
    }
    if (!is_sure && run.halt != Halt::kDoesNotPay) sure_texts_ = 0;
    probes_ = run.probes;
    density_ = run.density;
    return std::max(place, run.next_place);
  }

 private:
  void sample_when_due(const Text& text) noexcept {
    if (sampled_left_ <= text.places) {
      probes_ = sampled_probes(pattern_.needle(), text);
      sampled_left_ = kSampledEvery;
    }
    sampled_left_ -= std::min(sampled_left_, text.places);
  }

  std::uint64_t scan_surely(MaskedRun& run, const Text& text, std::uint64_t from,
                            Hits& hits) noexcept {
    return exclusions_ ? exclusions_->scan(run, text, from, hits)
                       : scan_by_period(run, text, from, hits);
  }

  std::uint64_t scan_by_period(MaskedRun& run, const Text& text, std::uint64_t from,
                               Hits& hits) const noexcept {
    const Period& period = *pattern_.period();
    const std::uint64_t length = pattern_.needle().byte_length;
    const std::uint64_t end = text.places + length - 1;
    std::uint32_t matched = 0;
    for (std::uint64_t at = from; at < end; ++at) {
      matched = period.fed(matched, text.begin[at]);
      if (matched < length) continue;
      matched = period.after_match();
      const std::uint64_t place = at + 1 - length;
      if (place < run.next_place || !run.alignment.has(place)) continue;
      if (hits.is_full()) {
        run.halt = Halt::kFull;
        return place;
      }
      hits.add(place, 0);
      if (!run.is_overlapping) run.next_place = place + length;
    }
    return text.places;
  }

  const MaskedPattern& pattern_;
  const MatchRules rules_;
  std::optional<Exclusions> exclusions_;
  Probes probes_;
  Density density_ = Density::kSparse;
  std::uint64_t sampled_left_ = 0;  // bytes until the next sample
  std::uint32_t sure_texts_ = 0;
  std::uint32_t sure_texts_left_ = 0;
};

}  // namespace

MaskedPattern::MaskedPattern(std::vector<Octet> values, std::vector<Octet> masks, const Tier& tier)
    : values_(std::move(values)),
      masks_(all_bits_count(masks) ? std::vector<Octet>() : std::move(masks)),
      needle_(MaskedBytes::of(values_.data(), masks_.empty() ? nullptr : masks_.data(),
                              values_.size())),
      tier_(tier) {
  if (masks_.empty()) {
    period_.emplace(values_);
  } else if (values_.size() >= kLongMasked) {
    telling_.emplace(needle_);
    if (!telling_->is_any_harmless()) telling_.reset();
  }
}

std::unique_ptr<Scanner> MaskedPattern::scanner(const MatchRules& rules) const {
  return std::make_unique<MaskedScanner>(*this, rules);
}

}  // namespace mapscope
