#include "byte_masks.h"

#include <algorithm>
#include <cstring>

namespace mapscope {
namespace {

constexpr std::uint64_t kWord = 64;

struct Split {
  std::size_t full;     // words that are there whole
  std::size_t partial;  // bytes of the next one
};

Split split(std::uint64_t length, std::size_t words) noexcept {
  const auto full = static_cast<std::size_t>(std::min<std::uint64_t>(length / kWord, words));
  return Split{full, full < words ? static_cast<std::size_t>(length - full * kWord) : 0};
}

std::uint64_t low_bits(std::size_t count) noexcept { return (std::uint64_t{1} << count) - 1; }

}  // namespace

void class_masks(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                 std::size_t words, ByteClass wanted, std::uint64_t* masks) noexcept {
  const auto [full, partial] = split(length, words);
  tier.class_masks(bytes, full, wanted, masks);
  std::fill(masks + full, masks + words, 0);
  if (partial == 0) return;
  std::byte word[kWord] = {};
  std::memcpy(word, bytes + full * kWord, partial);
  tier.class_masks(word, 1, wanted, masks + full);
  masks[full] &= low_bits(partial);
}

void difference_masks(const ByteMaskTier& tier, const std::byte* a, const std::byte* b,
                      std::uint64_t length, std::size_t words, std::uint64_t* masks) noexcept {
  const auto [full, partial] = split(length, words);
  tier.difference_masks(a, b, full, masks);
  std::fill(masks + full, masks + words, 0);
  if (partial == 0) return;
  std::byte word_a[kWord] = {};
  std::byte word_b[kWord] = {};
  std::memcpy(word_a, a + full * kWord, partial);
  std::memcpy(word_b, b + full * kWord, partial);
  tier.difference_masks(word_a, word_b, 1, masks + full);
}

}  // namespace mapscope
