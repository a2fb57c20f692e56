#include "key_filter.h"

#include <algorithm>

namespace mapscope {
namespace {

constexpr std::uint64_t kFarthest = 32;

// How common what a byte of the needle accepts is, and how many values that are.
struct Accepted {
  std::uint64_t commonness = 0;
  std::uint64_t values = 0;
};

Accepted accepted_at(const MaskedBytes& needle, std::uint64_t i) {
  if (needle.is_solid(i)) return Accepted{guessed_commonness(needle.values[i]), 1};
  Accepted accepted;
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    if (!needle.accepts(i, static_cast<Octet>(byte))) continue;
    accepted.commonness += guessed_commonness(static_cast<Octet>(byte));
    ++accepted.values;
  }
  return accepted;
}

}  // namespace

std::uint32_t guessed_commonness(Octet byte) {
  if (byte == 0) return 16;
  if (byte == 0xff) return 8;
  if (byte == ' ' || (byte >= 'a' && byte <= 'z')) return 4;
  return byte < 0x80 ? 2 : 1;
}

KeyFilter::Key KeyFilter::best_key(const MaskedBytes& needle, std::uint64_t byte_length) {
  Key best{0, ~std::uint64_t{0}};
  std::uint64_t least = ~std::uint64_t{0};
  Accepted before = accepted_at(needle, 0);
  for (std::uint64_t i = byte_length - 1; i < needle.byte_length && i < kFarthest; ++i) {
    const Accepted last = accepted_at(needle, i);
    const bool is_pair = byte_length == 2;
    const std::uint64_t commonness =
        is_pair ? before.commonness * last.commonness : last.commonness;
    if (commonness < least) {
      least = commonness;
      best = Key{i - (byte_length - 1), is_pair ? before.values * last.values : last.values};
    }
    before = last;
  }
  return best;
}

KeyFilter::KeyFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
                     std::uint64_t key_length)
    : key_length_(key_length) {
  std::vector<KeyedEntry> keyed;
  for (const std::uint32_t number : numbers) add_forms(keyed, needles[number], number);
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const KeyedEntry& a, const KeyedEntry& b) { return a.key < b.key; });
  const std::size_t keys = std::size_t{1} << (8 * key_length);
  buckets_.assign(keys + 1, 0);
  seen_.assign(keys / 64, 0);
  for (const auto& [key, entry] : keyed) {
    ++buckets_[key + 1];
    seen_[key / 64] |= std::uint64_t{1} << key % 64;
    last_offset_ = std::max<std::uint64_t>(last_offset_, entry.offset);
    entries_.push_back(entry);
  }
  for (std::size_t i = 1; i < buckets_.size(); ++i) buckets_[i] += buckets_[i - 1];
}

void KeyFilter::add_forms(std::vector<KeyedEntry>& entries, const MaskedBytes& needle,
                          std::uint32_t number) const {
  const std::uint64_t offset = best_key(needle, key_length_).offset;
  const Entry entry{number, static_cast<std::uint32_t>(offset)};
  for (std::uint32_t first = 0; first < 256; ++first) {
    if (!needle.accepts(offset, static_cast<Octet>(first))) continue;
    if (key_length_ == 1) {
      entries.push_back({first, entry});
      continue;
    }
    for (std::uint32_t second = 0; second < 256; ++second)
      if (needle.accepts(offset + 1, static_cast<Octet>(second)))
        entries.push_back({first | second << 8, entry});
  }
}

bool KeyFilter::scan(const Text& text, NeedleScan& scan) const noexcept {
  const std::uint64_t byte_length = text.byte_length();
  if (byte_length < key_length_) return true;
  const std::uint64_t end = std::min(byte_length - key_length_ + 1, text.places + last_offset_);
  const std::uint64_t* const seen = seen_.data();
  for (std::uint64_t at = 0; at < end; ++at) {
    const std::uint32_t second = key_length_ == 2 ? text.begin[at + 1] : 0U;
    const std::uint32_t key = text.begin[at] | second << 8;
    if ((seen[key / 64] >> key % 64 & 1) == 0) continue;
    if (!take_chain(text, at, key, scan)) return false;
  }
  return true;
}

bool KeyFilter::take_chain(const Text& text, std::uint64_t at, std::uint32_t key,
                           NeedleScan& scan) const noexcept {
  const std::uint32_t begin = buckets_[key];
  const std::uint32_t end = buckets_[key + 1];
  if (scan.work_left < end - begin) return false;
  scan.work_left -= end - begin;
  for (std::uint32_t i = begin; i < end; ++i) {
    const Entry& entry = entries_[i];
    if (at < entry.offset || at - entry.offset >= text.places) continue;
    if (!scan.take(text, at - entry.offset, entry.needle)) return false;
  }
  return true;
}

}  // namespace mapscope
