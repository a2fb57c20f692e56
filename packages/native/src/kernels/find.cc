#include "find.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "last_byte.h"
#include "tiers.h"

namespace mapscope {
namespace {

using Bytes = std::span<const std::byte>;

// What is near, and how much of it is compared in vain before it counts as far.
constexpr std::uint64_t kNear = 4096;
constexpr std::uint64_t kFreeCost = 4096;
constexpr std::uint64_t kShort = 64;
// Of a candidate, in bytes compared: one more call of memchr.
constexpr std::uint64_t kCandidateCost = 8;

constexpr std::uint64_t kFirstStep = 64 << 10;
constexpr std::uint64_t kLongestStep = 1 << 20;
// Of which only the last one counts: the more of them in one go, the less is begun anew.
constexpr std::uint64_t kHitsAtOnce = 256;

// How common a byte is in files, roughly: zeros, then all ones, then text.
int commonness(std::byte byte) noexcept {
  const auto value = std::to_integer<unsigned char>(byte);
  if (value == 0x00) return 4;
  if (value == 0xff) return 3;
  if (value == ' ' || (value >= 'a' && value <= 'z')) return 2;
  return value < 0x80 ? 1 : 0;
}

std::size_t least_common(Bytes needle) {
  const auto rarest = std::min_element(needle.begin(), needle.end(), [](std::byte a, std::byte b) {
    return commonness(a) < commonness(b);
  });
  return static_cast<std::size_t>(rarest - needle.begin());
}

bool matches(const std::byte* start, Bytes needle) noexcept {
  return start[0] == needle[0] && std::memcmp(start, needle.data(), needle.size()) == 0;
}

std::uint64_t cost_of(const std::byte* start, Bytes needle) noexcept {
  return kCandidateCost + (start[0] == needle[0] ? needle.size() : 0);
}

}  // namespace

Finder::Finder(Bytes needle, Direction direction, std::uint64_t most_bytes)
    : needle_(needle), direction_(direction) {
  if (needle.empty()) return;
  rare_ = least_common(needle);
  // To make the rest ready takes longer than to look at so little, even where nothing pays.
  if (most_bytes <= kNear && needle.size() <= kShort) return;
  const auto* const octets = reinterpret_cast<const Octet*>(needle.data());
  pattern_.emplace(std::vector<Octet>(octets, octets + needle.size()), std::vector<Octet>(),
                   *tiers().front());
  scanner_ = pattern_->scanner(MatchRules{});
  // At least as long as the needle, so that a very long one is met in linear time.
  step_ = std::max<std::uint64_t>(kFirstStep, needle.size());
}

const std::byte* Finder::find(const std::byte* begin, const std::byte* end) noexcept {
  if (needle_.empty()) return is_forward() ? begin : end;
  const auto length = static_cast<std::uint64_t>(end - begin);
  if (length < needle_.size()) return nullptr;
  const std::uint64_t places = length - needle_.size() + 1;
  std::uint64_t done = 0;
  if (!is_far_ || places <= kNear) {
    const Near near = find_near(begin, places);
    if (near.match != nullptr) return near.match;
    done = near.passed;
    is_far_ = true;
  }
  while (done < places) {
    const std::uint64_t step = std::min(step_, places - done);
    const std::byte* const found =
        find_in(begin + (is_forward() ? done : places - done - step), step);
    if (found != nullptr) return found;
    done += step;
    step_ = std::max(step_, std::min(step_ * 2, kLongestStep));
  }
  return nullptr;
}

Finder::Near Finder::find_near(const std::byte* begin, std::uint64_t places) const noexcept {
  const std::uint64_t near = std::min(places, kNear);
  return is_forward() ? first_near(begin, near) : last_near(begin, places, near);
}

Finder::Near Finder::first_near(const std::byte* begin, std::uint64_t near) const noexcept {
  std::uint64_t cost = 0;
  for (std::uint64_t place = 0; place < near; ++place) {
    if (cost > kFreeCost && scanner_ != nullptr) return Near{nullptr, place};
    const void* const rare =
        std::memchr(begin + place + rare_, std::to_integer<int>(needle_[rare_]), near - place);
    if (rare == nullptr) break;
    const std::byte* const start = static_cast<const std::byte*>(rare) - rare_;
    if (matches(start, needle_)) return Near{start, 0};
    cost += cost_of(start, needle_);
    place = static_cast<std::uint64_t>(start - begin);
  }
  return Near{nullptr, near};
}

Finder::Near Finder::last_near(const std::byte* begin, std::uint64_t places,
                               std::uint64_t near) const noexcept {
  std::uint64_t cost = 0;
  const std::byte* const first = begin + (places - near);
  // One past the last place where a match may still start.
  for (const std::byte* after = begin + places; after > first;) {
    if (cost > kFreeCost && scanner_ != nullptr)
      return Near{nullptr, places - static_cast<std::uint64_t>(after - begin)};
    const std::byte* const rare = last_byte(first + rare_, after + rare_, needle_[rare_]);
    if (rare == nullptr) break;
    after = rare - rare_;
    if (matches(after, needle_)) return Near{after, 0};
    cost += cost_of(after, needle_);
  }
  return Near{nullptr, near};
}

const std::byte* Finder::find_in(const std::byte* begin, std::uint64_t places) noexcept {
  std::uint64_t items[kHitsAtOnce];
  const auto* const from = reinterpret_cast<const Octet*>(begin);
  Text text{from, places, from + places + needle_.size() - 1, 0};
  const std::byte* last = nullptr;
  while (text.places > 0) {
    Hits hits{items, is_forward() ? 1 : kHitsAtOnce};
    const std::uint64_t done = std::min(scanner_->scan(text, hits), text.places);
    if (hits.count > 0) {
      const std::uint64_t place = place_of(items[hits.count - 1]);
      last = begin + (text.begin - from) + place;
      if (is_forward()) break;
    }
    text.begin += done;
    text.places -= done;
  }
  return last;
}

}  // namespace mapscope
