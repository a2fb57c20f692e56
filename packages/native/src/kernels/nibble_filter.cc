#include "nibble_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mapscope {
namespace {

// Farther in a needle nothing is looked for: windows there would make texts overlap more.
constexpr std::uint64_t kFarthest = 256;
constexpr std::uint64_t kUniformPenalty = 64;

// Behind a needle's end any byte will do.
bool accepts(const MaskedBytes& needle, std::uint64_t i, Octet byte) {
  return i >= needle.byte_length || needle.accepts(i, byte);
}

std::uint64_t commonness(const MaskedBytes& needle, std::uint64_t i) {
  std::uint64_t sum = 0;
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    if (accepts(needle, i, static_cast<Octet>(byte)))
      sum += guessed_commonness(static_cast<Octet>(byte));
  return sum;
}

// Files hold more runs of one byte than that byte's share lets expect.
bool is_uniform(const MaskedBytes& needle, std::uint64_t offset) {
  for (std::uint64_t i = offset; i < offset + kNibbleBytes; ++i)
    if (!accepts(needle, i, needle.values[offset])) return false;
  return true;
}

std::uint64_t rarest_offset(const MaskedBytes& needle) {
  std::uint64_t best = 0;
  std::uint64_t least = ~std::uint64_t{0};
  for (std::uint64_t offset = 0; offset < needle.byte_length && offset < kFarthest; ++offset) {
    std::uint64_t badness = is_uniform(needle, offset) ? kUniformPenalty : 1;
    for (std::uint64_t i = 0; i < kNibbleBytes; ++i) badness *= commonness(needle, offset + i);
    if (badness >= least) continue;
    least = badness;
    best = offset;
  }
  return best;
}

}  // namespace

NibbleFilter::NibbleFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
                           MarkNibbles mark)
    : mark_(mark) {
  std::vector<Entry> entries;
  for (const std::uint32_t number : numbers) {
    const std::uint64_t offset = rarest_offset(needles[number]);
    entries.push_back({number, static_cast<std::uint32_t>(offset)});
    last_offset_ = std::max(last_offset_, offset);
  }
  // Needles that begin alike share a bucket: together they accept little more than each alone.
  const auto value_at = [&needles](const Entry& entry, std::uint64_t i) {
    const MaskedBytes& needle = needles[entry.needle];
    return entry.offset + i < needle.byte_length ? needle.values[entry.offset + i] : Octet{0};
  };
  std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    return std::pair(value_at(a, 0), value_at(a, 1)) < std::pair(value_at(b, 0), value_at(b, 1));
  });
  const std::size_t most = kNibbleBuckets * kMostNibbleGroups;
  const std::size_t used = std::min(most, entries.size());
  groups_.resize((used + kNibbleBuckets - 1) / kNibbleBuckets);
  buckets_.resize(groups_.size() * kNibbleBuckets);
  for (std::size_t i = 0; i < entries.size(); ++i)
    add(needles[entries[i].needle], entries[i], i * used / entries.size());
}

void NibbleFilter::add(const MaskedBytes& needle, const Entry& entry, std::size_t bucket) {
  buckets_[bucket].push_back(entry);
  NibbleGroup& group = groups_[bucket / kNibbleBuckets];
  const auto bit = static_cast<Octet>(1U << bucket % kNibbleBuckets);
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      if (!accepts(needle, entry.offset + i, static_cast<Octet>(byte))) continue;
      group.low[i][byte & 15] |= bit;
      group.high[i][byte >> 4] |= bit;
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
