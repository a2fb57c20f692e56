#include "exclusions.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace mapscope {
namespace {

// Some ten ms of ruling out and comparing.
constexpr std::uint64_t kWorkAtOnce = 4 << 20;
constexpr std::uint64_t kBytesComparedPerWork = 64;

// Which bytes every place of the needle accepts, each kind of place being asked once.
void find_accepted(const MaskedBytes& needle, bool (&is_accepted)[256]) {
  std::fill(std::begin(is_accepted), std::end(is_accepted), true);
  std::vector<bool> is_asked(std::size_t{1} << 16);
  for (std::uint64_t i = 0; i < needle.byte_length; ++i) {
    const std::size_t kind = std::size_t{needle.values[i]} << 8 | needle.mask_at(i);
    if (is_asked[kind]) continue;
    is_asked[kind] = true;
    for (std::uint32_t byte = 0; byte < 256; ++byte)
      is_accepted[byte] = is_accepted[byte] && needle.accepts(i, static_cast<Octet>(byte));
  }
}

}  // namespace

TellingBytes::TellingBytes(const MaskedBytes& needle) {
  bool is_accepted[256];
  find_accepted(needle, is_accepted);
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    tells_[byte] = !is_accepted[byte];
    if (tells_[byte] || is_any_harmless_) continue;
    is_any_harmless_ = true;
    harmless_word_ = 0x0101010101010101 * byte;
  }
  if (!is_any_harmless_) return;
  const std::uint64_t padded = needle.byte_length + 2 * kPadding;
  values_ = std::make_unique<Octet[]>(padded);
  masks_ = std::make_unique<Octet[]>(padded);
  for (std::uint64_t i = 0; i < needle.byte_length; ++i) {
    values_[kPadding + i] = needle.values[i];
    masks_[kPadding + i] = needle.mask_at(i);
  }
}

Exclusions::Exclusions(const TellingBytes& telling, AcceptedBits accepted_bits)
    : telling_(telling),
      accepted_bits_(accepted_bits),
      kept_(std::make_unique<std::uint64_t[]>(kMostKept)) {}

std::uint64_t Exclusions::scan(MaskedRun& run, const Text& text, std::uint64_t from,
                               Hits& hits) noexcept {
  const std::uint64_t length = run.needle.byte_length;
  first_ = end_ = work_ = 0;
  looked_to_ = from;
  for (std::uint64_t base = std::max(from, run.next_place); base < text.places;) {
    if (work_ > kWorkAtOnce) return base;
    const std::uint64_t places = std::min<std::uint64_t>(64, text.places - base);
    look_on(text, base, base + places - 1 + length);
    std::uint64_t alive = alive_at(text, base, places);
    for (; alive != 0; alive &= ~(std::uint64_t{1} << 63 >> std::countl_zero(alive))) {
      const std::uint64_t place = base + static_cast<std::uint64_t>(std::countl_zero(alive));
      if (!take(run, text, place, hits)) return place;
    }
    base = std::max(base + places, run.next_place);
  }
  return text.places;
}

// Finds the bytes that tell before `end`, as far as there is room for them.
void Exclusions::look_on(const Text& text, std::uint64_t base, std::uint64_t end) noexcept {
  while (first_ < end_ && kept_[first_ % kMostKept] < base) ++first_;
  std::uint64_t at = std::max(looked_to_, base);
  while (at < end && end_ - first_ < kMostKept) {
    if (at + 8 <= end && load_64(text.begin + at) == telling_.harmless_word()) {
      at += 8;
      continue;
    }
    if (telling_.tells(text.begin[at])) kept_[end_++ % kMostKept] = at;
    ++at;
  }
  looked_to_ = at;
}

// The places that no byte rules out: the first one in the highest bit, for the needle's places that
// a byte meets go down as the needle's own place goes up.
std::uint64_t Exclusions::alive_at(const Text& text, std::uint64_t base,
                                   std::uint64_t places) noexcept {
  std::uint64_t alive = ~std::uint64_t{0} << (64 - places);
  std::uint64_t next = first_;
  for (; next < end_ && alive != 0; ++next) {
    const std::uint64_t at = kept_[next % kMostKept];
    const auto met = static_cast<std::int64_t>(at - base) - 63;
    alive &= telling_.accepted(accepted_bits_, met, text.begin[at]);
  }
  work_ += 1 + (next - first_);
  return alive;
}

// False when the hits are full.
bool Exclusions::take(MaskedRun& run, const Text& text, std::uint64_t place, Hits& hits) noexcept {
  if (place < run.next_place || !run.alignment.has(place)) return true;
  const std::uint64_t length = run.needle.byte_length;
  if (looked_to_ < place + length) {
    const std::uint64_t known = looked_to_ > place ? looked_to_ - place : 0;
    const std::uint64_t differs = mismatch(run.needle, text.begin + place, known);
    work_ += 1 + (differs - known) / kBytesComparedPerWork;
    if (differs < length) return true;
  }
  if (hits.is_full()) {
    run.halt = Halt::kFull;
    return false;
  }
  hits.add(place, 0);
  if (!run.is_overlapping) run.next_place = place + length;
  return true;
}

}  // namespace mapscope
