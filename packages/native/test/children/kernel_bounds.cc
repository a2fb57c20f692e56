// The search kernels alone, on text with an unmapped page right before it or right after it: one
// byte read outside ends this program. Prints how many searches agreed with a naive one.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <vector>

#include "../../src/kernels/find.h"

namespace {

using mapscope::Direction;

std::uint32_t state = 0;

std::uint32_t below(std::uint32_t bound) {
  state = state * 1664525 + 1013904223;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(state) * bound) >> 32);
}

// One page of text, between two that cannot be touched.
std::byte* fenced_page(std::size_t page) {
  void* const pages = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::byte* const middle = static_cast<std::byte*>(pages) + page;
  if (pages == MAP_FAILED || mprotect(middle, page, PROT_READ | PROT_WRITE) != 0) std::abort();
  return middle;
}

const std::byte* naive(std::span<const std::byte> needle, std::span<const std::byte> text,
                       Direction direction) {
  const auto found = direction == Direction::kForward
                         ? std::search(text.begin(), text.end(), needle.begin(), needle.end())
                         : std::find_end(text.begin(), text.end(), needle.begin(), needle.end());
  return found == text.end() ? nullptr : &*found;
}

}  // namespace

int main(int, char** arguments) {
  state = static_cast<std::uint32_t>(std::strtoul(arguments[1], nullptr, 10));
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::byte* const text = fenced_page(page);
  int agreed = 0;
  for (int round = 0; round < 20000; ++round) {
    const std::size_t length = 1 + below(round % 10 == 0 ? static_cast<std::uint32_t>(page) : 80);
    const std::uint32_t letters = 1 + below(3);
    // Flush with the end of the page, or with its start.
    std::byte* const begin = below(2) == 0 ? text + page - length : text;
    for (std::size_t i = 0; i < length; ++i)
      begin[i] = static_cast<std::byte>(below(letters) * 0x80);
    std::vector<std::byte> needle(
        1 + below(static_cast<std::uint32_t>(std::min<std::size_t>(length, 40))));
    for (std::byte& byte : needle) byte = static_cast<std::byte>(below(letters) * 0x80);
    for (const Direction direction : {Direction::kForward, Direction::kReverse}) {
      mapscope::Finder finder(needle, direction);
      if (finder.find(begin, begin + length) == naive(needle, {begin, length}, direction)) ++agreed;
    }
  }
  std::printf("%d\n", agreed);
}
