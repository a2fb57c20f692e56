#include "needle_set.h"

#include <algorithm>
#include <utility>

#include "gram_filter.h"
#include "key_filter.h"
#include "nibble_filter.h"

namespace mapscope {
namespace {

// Places that are looked at before their hits are sorted: few enough for their bytes to stay in the
// cache from one filter to the next.
constexpr std::uint64_t kBlock = 64 << 10;
// Some ten ms.
constexpr std::uint64_t kWorkAtOnce = 8 << 20;

// From here on a needle is recognised in fewer places than all.
constexpr std::uint64_t kLongRun = 8;
// What the tables of pairs may hold in all.
constexpr std::uint64_t kMostForms = 1 << 22;

class NeedleScanner final : public Scanner {
 public:
  NeedleScanner(const NeedleSet& set, const MatchRules& rules) : set_(set), rules_(rules) {}

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    std::uint64_t work = 0;
    std::uint64_t done = 0;
    while (done < text.places && work < kWorkAtOnce) {
      const std::uint64_t places = std::min(block_, text.places - done);
      const Text block{text.begin + done, places, text.end, text.offset + done};
      const std::uint64_t before = hits.count;
      if (scan_block(block, hits, work)) {
        if (hits.items != nullptr) put_in_order(hits, before, done);
        done += places;
        block_ = std::min(block_ * 2, kBlock);
        continue;
      }
      hits.count = before;
      // One place always fits: the hits have room for it, and its work is not limited.
      if (done > 0) break;
      block_ = std::max<std::uint64_t>(places / 2, 1);
    }
    return done;
  }

 private:
  bool scan_block(const Text& block, Hits& hits, std::uint64_t& work) const noexcept {
    const Alignment alignment(rules_, block.offset);
    const std::uint64_t most = block.places == 1 ? ~std::uint64_t{0} : kWorkAtOnce;
    NeedleScan scan{set_.needles(), alignment, hits, most};
    const bool is_whole =
        std::all_of(set_.filters().begin(), set_.filters().end(),
                    [&block, &scan](const auto& filter) { return filter->scan(block, scan); });
    work += most - scan.work_left;
    return is_whole;
  }

  static void put_in_order(Hits& hits, std::uint64_t from, std::uint64_t block_start) noexcept {
    for (std::uint64_t i = from; i < hits.count; ++i) hits.items[i] += block_start << 32;
    std::sort(hits.items + from, hits.items + hits.count);
  }

  const NeedleSet& set_;
  const MatchRules rules_;
  std::uint64_t block_ = kBlock;
};

bool can_match(const MaskedBytes& needle) {
  for (std::uint64_t i = 0; i < needle.byte_length; ++i)
    if ((needle.values[i] & needle.mask_at(i)) != needle.values[i]) return false;
  return true;
}

}  // namespace

NeedleSet::NeedleSet(std::vector<NeedleBytes> needles, const Tier& tier)
    : bytes_(std::move(needles)) {
  for (const NeedleBytes& one : bytes_) {
    needles_.push_back(MaskedBytes::of(
        one.values.data(), one.masks.empty() ? nullptr : one.masks.data(), one.values.size()));
  }
  const auto [shortest, longest] = std::minmax_element(
      needles_.begin(), needles_.end(),
      [](const MaskedBytes& a, const MaskedBytes& b) { return a.byte_length < b.byte_length; });
  min_byte_length_ = shortest->byte_length;
  max_byte_length_ = longest->byte_length;
  choose_filters(tier);
}

void NeedleSet::choose_filters(const Tier& tier) {
  NeedleNumbers by_long_run;
  NeedleNumbers by_run;
  NeedleNumbers by_pair;
  NeedleNumbers by_byte;
  std::uint64_t long_window = ~std::uint64_t{0};
  std::uint64_t window = ~std::uint64_t{0};
  const std::uint64_t most_forms = std::max<std::uint64_t>(kMostForms / needles_.size(), 1);
  for (std::uint32_t number = 0; number < needles_.size(); ++number) {
    const MaskedBytes& needle = needles_[number];
    if (!can_match(needle)) continue;
    const std::uint64_t run = GramFilter::usable_run(needle);
    if (run >= kLongRun) {
      by_long_run.push_back(number);
      long_window = std::min(long_window, run);
    } else if (run >= GramFilter::kGram) {
      by_run.push_back(number);
      window = std::min(window, run);
    } else if (needle.byte_length > 1 && KeyFilter::best_key(needle, 2).forms <= most_forms) {
      by_pair.push_back(number);
    } else {
      by_byte.push_back(number);
    }
  }
  // Where some need a look at every place, those that do not ride along.
  const std::size_t everywhere = by_run.size() + by_pair.size() + by_byte.size();
  const std::size_t all = by_long_run.size() + everywhere;
  if (tier.mark_nibbles != nullptr && everywhere > 0 && all <= NibbleFilter::kMostNeedles) {
    for (const NeedleNumbers* const numbers : {&by_run, &by_pair, &by_byte})
      by_long_run.insert(by_long_run.end(), numbers->begin(), numbers->end());
    filters_.push_back(std::make_unique<NibbleFilter>(needles_, by_long_run, tier.mark_nibbles));
    return;
  }
  const auto add = [this]<class Filter>(const NeedleNumbers& numbers, std::uint64_t length) {
    if (!numbers.empty()) filters_.push_back(std::make_unique<Filter>(needles_, numbers, length));
  };
  add.template operator()<GramFilter>(by_long_run, long_window);
  add.template operator()<GramFilter>(by_run, window);
  add.template operator()<KeyFilter>(by_pair, 2);
  add.template operator()<KeyFilter>(by_byte, 1);
}

std::unique_ptr<Scanner> NeedleSet::scanner(const MatchRules& rules) const {
  return std::make_unique<NeedleScanner>(*this, rules);
}

}  // namespace mapscope
