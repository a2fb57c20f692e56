// The guarded steps themselves: the only code in the addon that touches mapped bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "../kernels/find.h"
#include "../os/mapping.h"

namespace mapscope {

// A run of bytes of a mapping. Half-open; the caller has checked it against the mapping's length.
struct Range {
  std::uint64_t start;
  std::uint64_t end;

  std::uint64_t byte_length() const { return end - start; }
  bool operator==(const Range&) const = default;
};

// Both return how many bytes were copied, in order: less than asked for means that the page which
// holds the next one could not be had. Stores go page by page, for a memcpy of the whole may touch
// the last bytes first; copies out are tried whole, and page by page when that met a fault.
std::uint64_t copy_from_pages(const Mapping& mapping, std::uint64_t offset, std::byte* target,
                              std::uint64_t byte_length);
std::uint64_t copy_to_pages(const Mapping& mapping, std::uint64_t offset, const std::byte* source,
                            std::uint64_t byte_length);

// memmove, page by page, from the end that makes overlapping ranges right. When a page could not be
// had: the piece that was being moved, which lies in one page on either side.
struct Move {
  std::uint64_t to;
  std::uint64_t from;
  std::uint64_t byte_length;
};
std::optional<Move> move_in_pages(const Mapping& mapping, const Move& move);

struct Search {
  bool is_faulted;
  const std::byte* match;  // null: none
};
Search search_pages(const Mapping& mapping, Finder& finder, Range range);

// The page in `range` that cannot be had, nearest to the end that `direction` starts from; an empty
// range when all can.
Range unreadable_page(const Mapping& mapping, Range range, Direction direction);

}  // namespace mapscope
