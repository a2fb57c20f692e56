#include <sys/mman.h>

#include <algorithm>

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
constexpr std::uint64_t kPagesPerCall = 1 << 16;

}  // namespace

std::uint64_t page_count(std::uint64_t offset, std::uint64_t byte_length) {
  if (byte_length == 0) return 0;
  return (offset + byte_length - 1) / page_size() - offset / page_size() + 1;
}

std::optional<OsError> residency(const Mapping& mapping, std::uint64_t offset,
                                 std::uint64_t byte_length, std::uint8_t* pages) {
  const std::uint64_t page = page_size();
  std::byte* const first = mapping.data() + offset / page * page;
  const std::uint64_t count = page_count(offset, byte_length);
  for (std::uint64_t at = 0; at < count; at += kPagesPerCall) {
    const std::uint64_t length = std::min(kPagesPerCall, count - at) * page;
    if (::mincore(first + at * page, static_cast<std::size_t>(length), Answer{pages + at}) != 0)
      return last_error("mincore");
  }
  // The other bits are the kernel's own (macOS uses them).
  std::transform(pages, pages + count, pages, [](std::uint8_t bits) { return bits & 1; });
  return std::nullopt;
}

}  // namespace mapscope
