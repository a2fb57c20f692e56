// One needle's bytes, of which only some bits may count.
#pragma once

#include <cstring>

#include "matching.h"

namespace mapscope {

inline std::uint64_t load_64(const Octet* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

// A view: the bytes are somebody else's.
struct MaskedBytes {
  const Octet* values;
  const Octet* masks;  // null: all bits count
  std::uint64_t byte_length;
  // The first 8 bytes (or all) in one word.
  std::uint64_t head_value;
  std::uint64_t head_mask;

  static MaskedBytes of(const Octet* values, const Octet* masks, std::uint64_t byte_length) {
    MaskedBytes bytes{values, masks, byte_length, 0, 0};
    Octet value[8] = {};
    Octet mask[8] = {};
    for (std::uint64_t i = 0; i < 8 && i < byte_length; ++i) {
      value[i] = values[i];
      mask[i] = masks == nullptr ? 0xff : masks[i];
    }
    bytes.head_value = load_64(value);
    bytes.head_mask = load_64(mask);
    return bytes;
  }

  Octet mask_at(std::uint64_t i) const { return masks == nullptr ? 0xff : masks[i]; }
  bool is_solid(std::uint64_t i) const { return mask_at(i) == 0xff; }
  bool accepts(std::uint64_t i, Octet byte) const { return (byte & mask_at(i)) == values[i]; }
};

// Where the needle first differs from the byte_length bytes at `at`, looking from `from` on; its
// length when it does not.
inline std::uint64_t mismatch(const MaskedBytes& needle, const Octet* at,
                              std::uint64_t from) noexcept {
  std::uint64_t i = from;
  if (needle.masks == nullptr) {
    while (i + 8 <= needle.byte_length && load_64(at + i) == load_64(needle.values + i)) i += 8;
  } else {
    while (i + 8 <= needle.byte_length &&
           (load_64(at + i) & load_64(needle.masks + i)) == load_64(needle.values + i))
      i += 8;
  }
  while (i < needle.byte_length && needle.accepts(i, at[i])) ++i;
  return i;
}

// The same as a question, quick where the first bytes differ. `end` is the text's.
inline bool is_match(const MaskedBytes& needle, const Octet* at, const Octet* end) noexcept {
  if (end - at >= 8) {
    if ((load_64(at) & needle.head_mask) != needle.head_value) return false;
    if (needle.byte_length <= 8) return true;
    return mismatch(needle, at, 8) == needle.byte_length;
  }
  return mismatch(needle, at, 0) == needle.byte_length;
}

}  // namespace mapscope
