// Bytes into bits: which bytes of a stretch belong to a class, or differ from another's. Everything
// that looks for runs is made of these and works on 64 bytes at a time from there on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mask_runs.h"

namespace mapscope {

// The bytes from low to high, both included.
struct ByteClass {
  std::uint8_t low;
  std::uint8_t high;
};

// One instruction set's way. Word w of `masks` stands for bytes 64w to 64w + 63, the first in its
// lowest bit. Touches exactly 64 * words bytes.
struct ByteMaskTier {
  const char* name;
  void (*class_masks)(const std::byte* bytes, std::size_t words, ByteClass wanted,
                      std::uint64_t* masks) noexcept;
  // Set where a and b differ. They may overlap.
  void (*difference_masks)(const std::byte* a, const std::byte* b, std::size_t words,
                           std::uint64_t* masks) noexcept;
  FindRuns find_runs;
};

// The best that this processor has, chosen once.
const ByteMaskTier& byte_mask_tier();

// Every one that this processor has, the plain one first: for tests. `index` beyond the last: null.
const ByteMaskTier* nth_byte_mask_tier(std::size_t index);

// The first `words` words of `length` bytes; bits past the end are clear, and nothing past it is
// touched.
void class_masks(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                 std::size_t words, ByteClass wanted, std::uint64_t* masks) noexcept;
void difference_masks(const ByteMaskTier& tier, const std::byte* a, const std::byte* b,
                      std::uint64_t length, std::size_t words, std::uint64_t* masks) noexcept;

}  // namespace mapscope
