// For any processor.
#include "byte_masks_tiers.h"

#define MAPSCOPE_RUNS_TARGET
#include "mask_runs_body.h"

namespace mapscope {
namespace {

template <class IsSet>
std::uint64_t word_of(IsSet is_set) noexcept {
  std::uint64_t word = 0;
  for (unsigned bit = 0; bit < 64; ++bit) word |= std::uint64_t{is_set(bit)} << bit;
  return word;
}

void plain_class_masks(const std::byte* bytes, std::size_t words, ByteClass wanted,
                       std::uint64_t* masks) noexcept {
  const unsigned width = wanted.high - wanted.low;
  for (std::size_t w = 0; w < words; ++w, bytes += 64) {
    masks[w] = word_of([&](unsigned bit) {
      return static_cast<std::uint8_t>(std::to_integer<unsigned>(bytes[bit]) - wanted.low) <= width;
    });
  }
}

void plain_difference_masks(const std::byte* a, const std::byte* b, std::size_t words,
                            std::uint64_t* masks) noexcept {
  for (std::size_t w = 0; w < words; ++w, a += 64, b += 64)
    masks[w] = word_of([&](unsigned bit) { return a[bit] != b[bit]; });
}

}  // namespace

const ByteMaskTier kPlainByteMasks{"plain", plain_class_masks, plain_difference_masks, find_runs};

}  // namespace mapscope
