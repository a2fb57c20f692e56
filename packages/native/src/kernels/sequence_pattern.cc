#include "sequence_pattern.h"

#include <algorithm>
#include <utility>

namespace mapscope {
namespace {

constexpr std::uint64_t kAnchorsAtOnce = 1024;
// A millisecond or two of following matches.
constexpr std::uint64_t kBytesFollowedAtOnce = 2 << 20;

class SequenceScanner final : public Scanner {
 public:
  SequenceScanner(const SequencePattern& pattern, const MatchRules& rules)
      : pattern_(pattern),
        rules_(rules),
        anchors_(pattern.anchor().scanner(MatchRules{})),
        found_(std::make_unique<std::uint64_t[]>(kAnchorsAtOnce)) {}

  std::uint64_t scan(const Text& text, Hits& hits) noexcept override {
    const Alignment alignment(rules_, text.offset);
    std::uint64_t followed = 0;
    std::uint64_t next_place = 0;
    for (std::uint64_t from = 0; from < text.places;) {
      Hits found{found_.get(), kAnchorsAtOnce};
      const std::uint64_t looked_at = anchors_->scan(rest_of(text, from), found);
      for (std::uint64_t i = 0; i < found.count; ++i) {
        const std::uint64_t place = from + place_of(found_[i]);
        if (place < next_place || !alignment.has(place)) continue;
        if (followed > kBytesFollowedAtOnce) return place;
        const std::uint64_t length = pattern_.length_at(text.begin + place, text.end);
        followed += length == 0 ? 64 : length;
        if (length == 0) continue;
        if (hits.is_full()) return place;
        hits.add(place, static_cast<std::uint32_t>(length));
        if (!rules_.is_overlapping) next_place = place + length;
      }
      from = std::max(from + looked_at, next_place);
    }
    return std::max(text.places, next_place);
  }

 private:
  // As places of the anchor.
  Text rest_of(const Text& text, std::uint64_t from) const {
    const std::uint64_t skipped = from + pattern_.anchor_offset();
    return Text{text.begin + skipped, text.places - from, text.end, text.offset + skipped};
  }

  const SequencePattern& pattern_;
  const MatchRules rules_;
  const std::unique_ptr<Scanner> anchors_;
  const std::unique_ptr<std::uint64_t[]> found_;
};

std::uint64_t least_of(const std::vector<ByteRun>& runs) {
  std::uint64_t least = 0;
  for (const ByteRun& run : runs) least += run.least;
  return least;
}

std::uint64_t most_of(const std::vector<ByteRun>& runs) {
  std::uint64_t most = 0;
  for (const ByteRun& run : runs) {
    if (run.most >= SequencePattern::kFollowed) return SequencePattern::kFollowed;
    most = std::min(most + run.most, SequencePattern::kFollowed);
  }
  return most;
}

}  // namespace

SequencePattern::SequencePattern(std::vector<ByteRun> runs, Anchor anchor, const Tier& tier)
    : runs_(std::move(runs)),
      anchor_(std::move(anchor.values), std::move(anchor.masks), tier),
      anchor_offset_(anchor.offset),
      least_(least_of(runs_)),
      most_(most_of(runs_)) {}

std::uint64_t SequencePattern::length_at(const Octet* at, const Octet* end) const noexcept {
  const std::uint64_t room = static_cast<std::uint64_t>(end - at);
  const std::uint64_t limit = std::min(room, most_);
  std::uint64_t length = 0;
  for (const ByteRun& run : runs_) {
    const std::uint64_t most = run.most < limit - length ? length + run.most : limit;
    const std::uint64_t from = length;
    while (length < most && run.takes[at[length]]) ++length;
    // It might go on: there is no telling unless it has all that it can take.
    if (length == limit && length - from < run.most) return most_ + 1;
    if (length - from < run.least) return 0;
  }
  return length;
}

std::unique_ptr<Scanner> SequencePattern::scanner(const MatchRules& rules) const {
  return std::make_unique<SequenceScanner>(*this, rules);
}

}  // namespace mapscope
