#include <sys/mman.h>

#include <algorithm>
#include <vector>

#include "residency.h"

namespace mapscope {
namespace {

// unsigned char on Linux, char on macOS.
struct Answer {
  std::uint8_t* bytes;
  operator unsigned char*() const { return bytes; }
  operator char*() const { return reinterpret_cast<char*>(bytes); }
};

// Pages asked for in one call, 256 MiB of them: 2 ms, after which somebody else may change the map.
// A multiple of 8, so that each call's answer begins a byte of the bitmap.
constexpr std::uint64_t kPagesPerCall = 1 << 16;

// A page's other bits are the kernel's own (macOS uses them).
void pack(const std::vector<std::uint8_t>& pages, std::uint64_t count, std::uint8_t* bitmap) {
  std::fill_n(bitmap, (count + 7) / 8, std::uint8_t{0});
  for (std::uint64_t i = 0; i < count; ++i)
    bitmap[i / 8] |= static_cast<std::uint8_t>((pages[i] & 1) << i % 8);
}

}  // namespace

std::uint64_t page_count(std::uint64_t offset, std::uint64_t byte_length) {
  if (byte_length == 0) return 0;
  return (offset + byte_length - 1) / page_size() - offset / page_size() + 1;
}

std::optional<OsError> residency(const Mapping& mapping, std::uint64_t offset,
                                 std::uint64_t byte_length, std::uint8_t* bitmap) {
  const std::uint64_t page = page_size();
  std::byte* const first = mapping.data() + offset / page * page;
  const std::uint64_t count = page_count(offset, byte_length);
  std::vector<std::uint8_t> pages(std::min(kPagesPerCall, count));
  for (std::uint64_t at = 0; at < count; at += kPagesPerCall) {
    const std::uint64_t asked = std::min(kPagesPerCall, count - at);
    const auto length = static_cast<std::size_t>(asked * page);
    if (::mincore(first + at * page, length, Answer{pages.data()}) != 0)
      return last_error("mincore");
    pack(pages, asked, bitmap + at / 8);
  }
  return std::nullopt;
}

}  // namespace mapscope
