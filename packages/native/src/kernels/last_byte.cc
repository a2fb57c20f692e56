#include "last_byte.h"

#include <cstdint>
#include <cstring>

namespace mapscope {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kHighs = 0x8080808080808080;

std::uint64_t load(const std::byte* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from,
              sizeof(word));  // alignment does not matter to memcpy, and it compiles to one load
  return word;
}

// Non-zero when any of the word's eight bytes is zero.
std::uint64_t zero_bytes(std::uint64_t word) noexcept { return (word - kOnes) & ~word & kHighs; }

const std::byte* last_byte_plainly(const std::byte* begin, const std::byte* end,
                                   std::byte value) noexcept {
  while (end != begin) {
    if (*--end == value) return end;
  }
  return nullptr;
}

}  // namespace

const std::byte* last_byte(const std::byte* begin, const std::byte* end, std::byte value) noexcept {
  constexpr std::ptrdiff_t kBlock = 32;
  const std::uint64_t pattern = kOnes * std::to_integer<std::uint64_t>(value);
  while (end - begin >= kBlock) {
    const std::byte* const block = end - kBlock;
    const std::uint64_t found =
        zero_bytes(load(block) ^ pattern) | zero_bytes(load(block + 8) ^ pattern) |
        zero_bytes(load(block + 16) ^ pattern) | zero_bytes(load(block + 24) ^ pattern);
    if (found != 0) return last_byte_plainly(block, end, value);
    end = block;
  }
  return last_byte_plainly(begin, end, value);
}

}  // namespace mapscope
