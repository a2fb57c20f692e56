// Searching bytes for bytes. Pure: no OS, no JavaScript, no allocation while searching, no byte
// touched outside [begin, end).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mapscope {

enum class Direction { kForward, kReverse };

// A needle made ready. Linear in the worst case: candidates come from a scan for the needle's least
// common byte, as long as that pays; when it does not (a^n against a^m b), the rest is done by
// Knuth-Morris-Pratt, whose table is made here, up front, because the search itself runs where it
// may be abandoned at any byte and must not allocate.
//
// Rejected: memmem, which is quadratic on macOS, absent on Windows, has no reverse, and took a
// sixth of memchr's speed on short needles.
class Finder {
 public:
  // The needle's bytes stay the caller's, and must outlive the finder. At most 2^32 - 1 of them.
  Finder(std::span<const std::byte> needle, Direction direction);

  // Start of the first match (the last one, in reverse) that lies wholly inside [begin, end), or
  // null. An empty needle matches at the end the search starts from.
  const std::byte* find(const std::byte* begin, const std::byte* end) const noexcept;

  std::uint64_t needle_length() const { return needle_.size(); }
  Direction direction() const { return direction_; }

 private:
  const std::byte* find_first(const std::byte* begin, const std::byte* end) const noexcept;
  const std::byte* find_last(const std::byte* begin, const std::byte* end) const noexcept;

  std::span<const std::byte> needle_;
  Direction direction_;
  std::size_t rare_;  // index of the needle's least common byte
  std::vector<std::uint32_t>
      fallback_;  // of the needle as it is met: backwards, when searching in reverse
};

}  // namespace mapscope
