// How a string of bytes repeats itself, and the search that needs no luck.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "matching.h"

namespace mapscope {

// Knuth-Morris-Pratt: finds every occurrence and meets each byte of the text once. Slower than
// looking for rare bytes, and what that falls back on where every byte is common (a^n in a^m b).
class Period {
 public:
  // Fewer than 2^32 bytes, which the caller keeps.
  explicit Period(std::span<const Octet> needle);

  // The least distance at which an occurrence may follow another.
  std::uint64_t byte_length() const { return needle_.size() - fallback_.back(); }

  // Feeds one byte to a match that has come to `matched`; the needle's length means an occurrence
  // ends here. Must not be fed further at the needle's length but through `after_match`.
  std::uint32_t fed(std::uint32_t matched, Octet byte) const noexcept {
    while (matched > 0 && needle_[matched] != byte) matched = fallback_[matched - 1];
    return needle_[matched] == byte ? matched + 1 : matched;
  }
  std::uint32_t after_match() const noexcept { return fallback_.back(); }

 private:
  std::span<const Octet> needle_;
  // fallback_[i]: the longest proper prefix that is also a suffix of the first i + 1 bytes.
  std::vector<std::uint32_t> fallback_;
};

}  // namespace mapscope
