// Searching bytes for the first or the last place of other bytes. Pure: no OS, no JavaScript, no
// allocation while searching, no byte touched outside [begin, end).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "masked_pattern.h"

namespace mapscope {

enum class Direction { kForward, kReverse };

// A needle made ready. Matches near the end that the search starts from are looked for by the
// needle's least common byte, which needs no preparation; from there on by the kernels of all other
// searches, in stretches that become longer and longer, since those kernels know no reverse, and
// look farther than one match. Linear in the worst case, as they are.
//
// Rejected: memmem, which is quadratic on macOS, absent on Windows, has no reverse, and took a
// sixth of memchr's speed on short needles. And the least common byte all the way (with
// Knuth-Morris-Pratt when it does not pay): half the speed where that byte is guessed wrong.
class Finder {
 public:
  // The needle's bytes stay the caller's, and must outlive the finder. At most 2^32 - 1 of them.
  // `most_bytes`: no longer text is searched.
  Finder(std::span<const std::byte> needle, Direction direction,
         std::uint64_t most_bytes = ~std::uint64_t{0});
  Finder(const Finder&) = delete;
  Finder& operator=(const Finder&) = delete;

  // Start of the first match (the last one, in reverse) that lies wholly inside [begin, end), or
  // null. An empty needle matches at the end the search starts from. May be abandoned at any byte.
  const std::byte* find(const std::byte* begin, const std::byte* end) noexcept;

  std::uint64_t needle_length() const { return needle_.size(); }
  Direction direction() const { return direction_; }

 private:
  struct Near {
    const std::byte* match;
    std::uint64_t passed;  // places where there is none
  };

  bool is_forward() const { return direction_ == Direction::kForward; }
  Near find_near(const std::byte* begin, std::uint64_t places) const noexcept;
  Near first_near(const std::byte* begin, std::uint64_t near) const noexcept;
  Near last_near(const std::byte* begin, std::uint64_t places, std::uint64_t near) const noexcept;
  const std::byte* find_in(const std::byte* begin, std::uint64_t places) noexcept;

  std::span<const std::byte> needle_;
  Direction direction_;
  std::size_t rare_ = 0;                  // index of the needle's least common byte
  std::optional<MaskedPattern> pattern_;  // none where all is near
  std::unique_ptr<Scanner> scanner_;
  std::uint64_t step_ = 0;
  bool is_far_ = false;  // near places were looked at
};

}  // namespace mapscope
