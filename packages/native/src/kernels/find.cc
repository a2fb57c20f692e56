#include "find.h"

#include <algorithm>
#include <cstring>

#include "last_byte.h"

namespace mapscope {
namespace {

using Bytes = std::span<const std::byte>;

// Costs in the time that Knuth-Morris-Pratt takes for a byte: a candidate is one more call of
// memchr, a comparison reads the needle.
constexpr std::uint64_t kCandidateCost = 8;
constexpr std::uint64_t kFreeCost = 4096;
constexpr std::uint64_t kCostPerByte = 2;

bool does_not_pay(std::uint64_t cost, std::ptrdiff_t scanned) noexcept {
  return cost > kFreeCost + kCostPerByte * static_cast<std::uint64_t>(scanned);
}

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

// The two directions of one algorithm: the i-th byte met, of the needle and of the text.
struct Forwards {
  static std::byte of_needle(Bytes needle, std::size_t i) noexcept { return needle[i]; }
  static std::byte of_text(const std::byte* begin, const std::byte*, std::size_t i) noexcept {
    return begin[i];
  }
  static const std::byte* start_of(const std::byte* begin, const std::byte*, std::size_t met,
                                   std::size_t length) noexcept {
    return begin + (met - length);
  }
};

struct Backwards {
  static std::byte of_needle(Bytes needle, std::size_t i) noexcept {
    return needle[needle.size() - 1 - i];
  }
  static std::byte of_text(const std::byte*, const std::byte* end, std::size_t i) noexcept {
    return *(end - 1 - i);
  }
  static const std::byte* start_of(const std::byte*, const std::byte* end, std::size_t met,
                                   std::size_t) noexcept {
    return end - met;
  }
};

// fallback[i]: the longest proper prefix of the needle (as met) that is also a suffix of its first
// i + 1 bytes.
template <class Order>
std::vector<std::uint32_t> fallback_of(Bytes needle) {
  std::vector<std::uint32_t> fallback(needle.size());
  std::uint32_t matched = 0;
  for (std::size_t i = 1; i < needle.size(); ++i) {
    while (matched > 0 && Order::of_needle(needle, i) != Order::of_needle(needle, matched))
      matched = fallback[matched - 1];
    if (Order::of_needle(needle, i) == Order::of_needle(needle, matched)) ++matched;
    fallback[i] = matched;
  }
  return fallback;
}

// Knuth-Morris-Pratt: each byte of the text is met once.
template <class Order>
const std::byte* find_surely(Bytes needle, const std::uint32_t* fallback, const std::byte* begin,
                             const std::byte* end) noexcept {
  const auto length = static_cast<std::size_t>(end - begin);
  std::size_t matched = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::byte met = Order::of_text(begin, end, i);
    while (matched > 0 && Order::of_needle(needle, matched) != met) matched = fallback[matched - 1];
    if (Order::of_needle(needle, matched) == met) ++matched;
    if (matched == needle.size()) return Order::start_of(begin, end, i + 1, needle.size());
  }
  return nullptr;
}

}  // namespace

Finder::Finder(Bytes needle, Direction direction)
    : needle_(needle),
      direction_(direction),
      rare_(least_common(needle)),
      fallback_(direction == Direction::kForward ? fallback_of<Forwards>(needle)
                                                 : fallback_of<Backwards>(needle)) {}

const std::byte* Finder::find(const std::byte* begin, const std::byte* end) const noexcept {
  const bool is_forward = direction_ == Direction::kForward;
  if (needle_.empty()) return is_forward ? begin : end;
  if (static_cast<std::size_t>(end - begin) < needle_.size()) return nullptr;
  return is_forward ? find_first(begin, end) : find_last(begin, end);
}

const std::byte* Finder::find_first(const std::byte* begin, const std::byte* end) const noexcept {
  const std::byte* const last_start = end - needle_.size();
  std::uint64_t cost = 0;
  for (const std::byte* start = begin; start <= last_start; ++start) {
    if (does_not_pay(cost, start - begin))
      return find_surely<Forwards>(needle_, fallback_.data(), start, end);
    const auto candidates = static_cast<std::size_t>(last_start - start) + 1;
    const void* const rare =
        std::memchr(start + rare_, std::to_integer<int>(needle_[rare_]), candidates);
    if (rare == nullptr) return nullptr;
    start = static_cast<const std::byte*>(rare) - rare_;
    if (matches(start, needle_)) return start;
    cost += kCandidateCost + (start[0] == needle_[0] ? needle_.size() : 0);
  }
  return nullptr;
}

const std::byte* Finder::find_last(const std::byte* begin, const std::byte* end) const noexcept {
  std::uint64_t cost = 0;
  // `after` is one past the last place where a match may still start.
  const std::byte* const first_after = end - needle_.size() + 1;
  for (const std::byte* after = first_after; after > begin;) {
    if (does_not_pay(cost, first_after - after)) {
      return find_surely<Backwards>(needle_, fallback_.data(), begin, after + needle_.size() - 1);
    }
    const std::byte* const rare = last_byte(begin + rare_, after + rare_, needle_[rare_]);
    if (rare == nullptr) return nullptr;
    after = rare - rare_;
    if (matches(after, needle_)) return after;
    cost += kCandidateCost + (after[0] == needle_[0] ? needle_.size() : 0);
  }
  return nullptr;
}

}  // namespace mapscope
