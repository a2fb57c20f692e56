#include "gram_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mapscope {
namespace {

// Farther in a needle nothing is looked for: windows there would make texts overlap more.
constexpr std::uint64_t kFarthest = 256;
constexpr std::uint64_t kLongestWindow = 20;
constexpr std::uint32_t kUniformPenalty = 256;

std::uint32_t load_32(const Octet* from) noexcept {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

std::uint32_t hashed(std::uint32_t gram) noexcept { return gram * 0x9e3779b1U; }

std::uint64_t solid_run_from(const MaskedBytes& needle, std::uint64_t start) {
  std::uint64_t end = start;
  while (end < needle.byte_length && end - start < kLongestWindow && needle.is_solid(end)) ++end;
  return end - start;
}

// The less of it, the fewer places of a text look like this.
std::uint32_t badness(const Octet* gram) {
  std::uint32_t sum = 0;
  for (std::uint64_t i = 0; i < GramFilter::kGram; ++i) sum += guessed_commonness(gram[i]);
  const bool is_uniform = std::all_of(gram + 1, gram + GramFilter::kGram,
                                      [gram](Octet byte) { return byte == gram[0]; });
  return is_uniform ? sum + kUniformPenalty : sum;
}

std::uint64_t best_window(const MaskedBytes& needle, std::uint64_t window) {
  std::uint64_t best = 0;
  std::uint64_t least = ~std::uint64_t{0};
  for (std::uint64_t start = 0; start <= kFarthest && start + window <= needle.byte_length;
       ++start) {
    if (solid_run_from(needle, start) < window) continue;
    std::uint64_t sum = 0;
    for (std::uint64_t i = start; i + GramFilter::kGram <= start + window; ++i)
      sum += badness(needle.values + i);
    if (sum >= least) continue;
    least = sum;
    best = start;
  }
  return best;
}

// The shift that leaves enough of a hash for so many slots.
std::uint32_t shift_for(std::uint64_t slots, int least_bits, int most_bits) {
  return static_cast<std::uint32_t>(
      32 - std::clamp(static_cast<int>(std::bit_width(slots)), least_bits, most_bits));
}

}  // namespace

std::uint64_t GramFilter::usable_run(const MaskedBytes& needle) {
  std::uint64_t longest = 0;
  for (std::uint64_t start = 0; start <= kFarthest && start < needle.byte_length; ++start)
    longest = std::max(longest, solid_run_from(needle, start));
  return longest;
}

GramFilter::GramFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
                       std::uint64_t window)
    : window_(window), stride_(window - kGram + 1) {
  for (const std::uint32_t number : numbers) add_entries(needles[number], number);
  index_entries();
}

void GramFilter::add_entries(const MaskedBytes& needle, std::uint32_t number) {
  const std::uint64_t start = best_window(needle, window_);
  for (std::uint64_t offset = start; offset < start + stride_; ++offset) {
    Entry entry{load_32(needle.values + offset), 0, 0, number, static_cast<std::uint32_t>(offset)};
    if (offset + 2 * kGram <= needle.byte_length) {
      entry.after = load_32(needle.values + offset + kGram);
      entry.after_mask =
          needle.masks == nullptr ? ~std::uint32_t{0} : load_32(needle.masks + offset + kGram);
    }
    entries_.push_back(entry);
    last_offset_ = std::max(last_offset_, offset);
  }
}

void GramFilter::index_entries() {
  bucket_shift_ = shift_for(entries_.size() * 2, 8, 22);
  // 128 KiB for 1,000 needles of 8 bytes: with a quarter of that, in the first cache, a false
  // "seen" at four times as many places cost more than the second cache does (1.8 against 2.05
  // GB/s).
  seen_shift_ = shift_for(entries_.size() * 128, 16, 24);
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return hashed(a.gram) < hashed(b.gram); });
  buckets_.assign((std::size_t{1} << (32 - bucket_shift_)) + 1, 0);
  seen_.assign(std::size_t{1} << (32 - seen_shift_ - 6), 0);
  for (const Entry& entry : entries_) {
    const std::uint32_t hash = hashed(entry.gram);
    ++buckets_[(hash >> bucket_shift_) + 1];
    const std::uint32_t bit = hash >> seen_shift_;
    seen_[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

bool GramFilter::scan(const Text& text, NeedleScan& scan) const noexcept {
  const std::uint64_t byte_length = text.byte_length();
  if (byte_length < kGram) return true;
  // A needle at the last place is recognised at most this far on.
  const std::uint64_t end = std::min(byte_length - kGram + 1, text.places + last_offset_);
  const std::uint64_t* const seen = seen_.data();
  for (std::uint64_t at = 0; at < end; at += stride_) {
    const std::uint32_t gram = load_32(text.begin + at);
    const std::uint32_t bit = hashed(gram) >> seen_shift_;
    if ((seen[bit / 64] >> bit % 64 & 1) == 0) continue;
    if (!take_chain(text, at, gram, scan)) return false;
  }
  return true;
}

bool GramFilter::take_chain(const Text& text, std::uint64_t at, std::uint32_t gram,
                            NeedleScan& scan) const noexcept {
  const std::uint32_t bucket = hashed(gram) >> bucket_shift_;
  const std::uint32_t begin = buckets_[bucket];
  const std::uint32_t end = buckets_[bucket + 1];
  if (scan.work_left < end - begin) return false;
  scan.work_left -= end - begin;
  const bool has_after = at + 2 * kGram <= text.byte_length();
  const std::uint32_t after = has_after ? load_32(text.begin + at + kGram) : 0;
  for (std::uint32_t i = begin; i < end; ++i) {
    const Entry& entry = entries_[i];
    if (entry.gram != gram) continue;
    if (has_after && (after & entry.after_mask) != entry.after) continue;
    if (at < entry.offset || at - entry.offset >= text.places) continue;
    if (!scan.take(text, at - entry.offset, entry.needle)) return false;
  }
  return true;
}

}  // namespace mapscope
