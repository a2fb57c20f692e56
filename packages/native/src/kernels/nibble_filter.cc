#include "nibble_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "nibble_buckets.h"

namespace mapscope {
namespace {

void mark_sets(NibbleGroup& group, const NibbleSets& sets, Octet bit) {
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    for (std::size_t nibble = 0; nibble < 16; ++nibble) {
      if ((sets.low[i] >> nibble & 1) != 0) group.low[i][nibble] |= bit;
      if ((sets.high[i] >> nibble & 1) != 0) group.high[i][nibble] |= bit;
    }
  }
}

}  // namespace

NibbleFilter::NibbleFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
                           MarkNibbles mark)
    : mark_(mark) {
  std::vector<Entry> entries;
  std::vector<NibbleSets> sets;
  for (const std::uint32_t number : numbers) {
    const std::uint64_t offset = rarest_nibbles(needles[number]);
    entries.push_back({number, static_cast<std::uint32_t>(offset)});
    sets.push_back(nibble_sets(needles[number], offset));
    last_offset_ = std::max(last_offset_, offset);
  }
  for (const auto& bucket : nibble_buckets(sets, kNibbleBuckets * kMostNibbleGroups)) {
    if (buckets_.size() % kNibbleBuckets == 0) groups_.emplace_back();
    const auto bit = static_cast<Octet>(1U << buckets_.size() % kNibbleBuckets);
    Bucket& own = buckets_.emplace_back();
    for (const std::uint32_t at : bucket) {
      own.push_back(entries[at]);
      mark_sets(groups_.back(), sets[at], bit);
    }
  }
}

bool NibbleFilter::scan(const Text& text, NeedleScan& scan) const noexcept {
  // A needle at the last place is recognised at most this far on.
  const std::uint64_t length = text.byte_length();
  const std::uint64_t end = std::min(length, text.places + last_offset_);
  const std::uint64_t whole =
      length < kNibbleReach ? 0 : (length - kNibbleReach) / kNibbleBlock + 1;
  const std::uint64_t blocks = std::min(whole, (end + kNibbleBlock - 1) / kNibbleBlock);
  if (!scan_blocks(text, 0, blocks, text.begin, scan)) return false;
  for (std::uint64_t at = blocks * kNibbleBlock; at < end; at += kNibbleBlock) {
    Octet bytes[kNibbleReach] = {};
    std::memcpy(bytes, text.begin + at, std::min<std::uint64_t>(length - at, sizeof(bytes)));
    if (!scan_blocks(text, at, 1, bytes, scan)) return false;
  }
  return true;
}

// `bytes` are those of the place `first`.
bool NibbleFilter::scan_blocks(const Text& text, std::uint64_t first, std::size_t blocks,
                               const Octet* bytes, NeedleScan& scan) const noexcept {
  const NibbleGroups wanted{groups_.data(), groups_.size()};
  NibbleMarks marks;
  for (std::size_t block = 0; block < blocks; ++block) {
    block = mark_(wanted, bytes, blocks, block, marks);
    if (block == blocks) return true;
    if (!take_block(text, first + block * kNibbleBlock, marks, scan)) return false;
  }
  return true;
}

bool NibbleFilter::take_block(const Text& text, std::uint64_t first, const NibbleMarks& marks,
                              NeedleScan& scan) const noexcept {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    for (std::size_t word = 0; word < kNibbleBlock; word += 8) {
      if (load_64(marks[group] + word) == 0) continue;
      for (std::size_t i = word; i < word + 8; ++i) {
        for (std::uint32_t bits = marks[group][i]; bits != 0; bits &= bits - 1) {
          const auto bucket = static_cast<std::size_t>(std::countr_zero(bits));
          if (!take_bucket(text, first + i, buckets_[group * kNibbleBuckets + bucket], scan))
            return false;
        }
      }
    }
  }
  return true;
}

bool NibbleFilter::take_bucket(const Text& text, std::uint64_t at, const Bucket& bucket,
                               NeedleScan& scan) const noexcept {
  if (scan.work_left < bucket.size()) return false;
  scan.work_left -= bucket.size();
  for (const Entry& entry : bucket) {
    if (at < entry.offset || at - entry.offset >= text.places) continue;
    if (!scan.take(text, at - entry.offset, entry.needle)) return false;
  }
  return true;
}

}  // namespace mapscope
