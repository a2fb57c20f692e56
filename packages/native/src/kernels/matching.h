// The words that all matching kernels share. Pure: no OS, no JavaScript, no allocation while
// scanning, no byte touched outside [begin, end).
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapscope {

using Octet = unsigned char;

struct MatchRules {
  std::uint64_t alignment = 1;
  std::uint64_t alignment_base = 0;
  bool is_overlapping = true;
  bool is_count_only = false;
};

// A stretch of places where a match may begin, and the bytes that it may reach to.
struct Text {
  const Octet* begin;    // the first place
  std::uint64_t places;  // how many, from begin on; the shortest match fits at each of them
  const Octet* end;      // no byte from here on is touched
  std::uint64_t offset;  // of begin, for alignment

  std::uint64_t byte_length() const { return static_cast<std::uint64_t>(end - begin); }
};

// One hit in 64 bits, so that sorting them sorts them by place, then by detail. A place counts from
// the text's begin; what the detail says is the pattern's business (which needle, how long).
constexpr std::uint64_t kMaxPlaces = std::uint64_t{1} << 32;
constexpr std::uint64_t pack_hit(std::uint64_t place, std::uint32_t detail) {
  return place << 32 | detail;
}
constexpr std::uint64_t place_of(std::uint64_t hit) { return hit >> 32; }
constexpr std::uint32_t detail_of(std::uint64_t hit) { return static_cast<std::uint32_t>(hit); }

// What a scan fills: a fixed array, since a scan may be abandoned at any byte and must not
// allocate. When hits are only counted there is no array, and it is never full.
struct Hits {
  std::uint64_t* items;
  std::uint64_t capacity;
  std::uint64_t count = 0;

  bool is_full() const { return count == capacity; }
  void add(std::uint64_t place, std::uint32_t detail) {
    if (items != nullptr) items[count] = pack_hit(place, detail);
    ++count;
  }
};

// Whether places are among those asked for. Powers of two up to 64, which is all that people align
// to, as a mask over any 64 places in a row; all else by division, hit by hit.
class Alignment {
 public:
  Alignment(const MatchRules& rules, std::uint64_t offset)
      : alignment_(rules.alignment),
        phase_((offset % rules.alignment + rules.alignment_base % rules.alignment) %
               rules.alignment) {
    has_mask_ = 64 % alignment_ == 0;
    if (!has_mask_) return;
    mask_ = 0;
    for (std::uint64_t place = 0; place < 64; ++place)
      if (has(place)) mask_ |= std::uint64_t{1} << place;
  }

  bool is_everywhere() const { return alignment_ == 1; }
  // Those of the 64 places from `base` (a multiple of 64) on that are asked for.
  std::uint64_t only(std::uint64_t base, std::uint64_t places) const {
    return has_mask_ ? places & mask_ : only_slowly(base, places);
  }
  // Whether any place that is `residue` more than a multiple of `size` (of 1 to 8) can be.
  bool has_residue(std::uint64_t residue, std::uint64_t size) const;
  bool has(std::uint64_t place) const {
    return alignment_ == 1 || (place + phase_) % alignment_ == 0;
  }

 private:
  std::uint64_t only_slowly(std::uint64_t base, std::uint64_t places) const;

  std::uint64_t alignment_;
  std::uint64_t phase_;
  bool has_mask_;
  std::uint64_t mask_ = ~std::uint64_t{0};
};

}  // namespace mapscope
