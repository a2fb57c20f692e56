#include "touch.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "../os/fault_guard.h"

namespace mapscope {
namespace {

// Everything a step needs, plain, since the step may be abandoned; `done` is what is known after
// that.
struct Copy {
  std::uint64_t page;
  std::uint64_t offset;
  std::byte* target;
  const std::byte* source;
  std::uint64_t byte_length;
  volatile std::uint64_t done;
};

void copy_step(void* context) noexcept {
  auto& copy = *static_cast<Copy*>(context);
  for (std::uint64_t done = 0; done < copy.byte_length;) {
    const std::uint64_t to_page_end = copy.page - (copy.offset + done) % copy.page;
    const std::uint64_t piece = std::min(to_page_end, copy.byte_length - done);
    std::memcpy(copy.target + done, copy.source + done, piece);
    std::atomic_signal_fence(
        std::memory_order_seq_cst);  // `done` must not be raised before the bytes are there
    done += piece;
    copy.done = done;
  }
}

void whole_copy_step(void* context) noexcept {
  auto& copy = *static_cast<Copy*>(context);
  std::memcpy(copy.target, copy.source, copy.byte_length);
}

// In one go, which takes four fifths of the time; it may touch the last bytes first, so after a
// fault it is done again page by page, to know how far it came.
bool is_copied_whole(const Mapping& mapping, Copy copy) {
  return run_guarded(mapping.data() + copy.offset, copy.byte_length, whole_copy_step, &copy);
}

std::uint64_t run_copy(const Mapping& mapping, Copy copy) {
  if (copy.byte_length == 0) return 0;
  if (run_guarded(mapping.data() + copy.offset, copy.byte_length, copy_step, &copy))
    return copy.byte_length;
  return copy.done;
}

struct Moving {
  std::byte* data;
  std::uint64_t page;
  Move move;
  // The piece in hand. Volatile one by one: a volatile struct cannot be copied.
  volatile std::uint64_t start;
  volatile std::uint64_t byte_length;
};

// What is left of a page, seen from `offset` upwards, and downwards (not counting `offset` itself).
std::uint64_t above(std::uint64_t offset, std::uint64_t page) { return page - offset % page; }
std::uint64_t below(std::uint64_t offset, std::uint64_t page) { return (offset - 1) % page + 1; }

// Bytes [start, start + byte_length) of the move.
void move_piece(Moving& moving, std::uint64_t start, std::uint64_t byte_length) noexcept {
  moving.start = start;
  moving.byte_length = byte_length;
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::memmove(moving.data + moving.move.to + start, moving.data + moving.move.from + start,
               byte_length);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

void move_up_step(void* context) noexcept {
  auto& moving = *static_cast<Moving*>(context);
  const auto [to, from, byte_length] = moving.move;
  for (std::uint64_t left = byte_length; left > 0;) {
    const std::uint64_t piece =
        std::min({below(to + left, moving.page), below(from + left, moving.page), left});
    left -= piece;
    move_piece(moving, left, piece);
  }
}

void move_down_step(void* context) noexcept {
  auto& moving = *static_cast<Moving*>(context);
  const auto [to, from, byte_length] = moving.move;
  for (std::uint64_t done = 0; done < byte_length;) {
    const std::uint64_t piece = std::min(
        {above(to + done, moving.page), above(from + done, moving.page), byte_length - done});
    move_piece(moving, done, piece);
    done += piece;
  }
}

struct FindInPages {
  Finder* finder;
  const std::byte* begin;
  const std::byte* end;
  const std::byte* match;
};

void find_step(void* context) noexcept {
  auto& search = *static_cast<FindInPages*>(context);
  search.match = search.finder->find(search.begin, search.end);
}

struct PageProbe {
  const volatile std::byte* data;
  std::uint64_t page;
  std::uint64_t first;  // page numbers, half-open
  std::uint64_t last;
  Direction direction;
  volatile std::uint64_t readable;  // pages found readable so far
};

std::uint64_t nth_page(const PageProbe& probe, std::uint64_t n) noexcept {
  return probe.direction == Direction::kForward ? probe.first + n : probe.last - 1 - n;
}

void probe_step(void* context) noexcept {
  auto& probe = *static_cast<PageProbe*>(context);
  for (std::uint64_t n = 0; n < probe.last - probe.first; ++n) {
    probe.readable = n;
    static_cast<void>(probe.data[nth_page(probe, n) * probe.page]);
  }
}

}  // namespace

std::uint64_t copy_from_pages(const Mapping& mapping, std::uint64_t offset, std::byte* target,
                              std::uint64_t byte_length) {
  const Copy copy{page_size(), offset, target, mapping.data() + offset, byte_length, 0};
  return byte_length > 0 && is_copied_whole(mapping, copy) ? byte_length : run_copy(mapping, copy);
}

std::uint64_t copy_to_pages(const Mapping& mapping, std::uint64_t offset, const std::byte* source,
                            std::uint64_t byte_length) {
  return run_copy(mapping,
                  Copy{page_size(), offset, mapping.data() + offset, source, byte_length, 0});
}

std::optional<Move> move_in_pages(const Mapping& mapping, const Move& move) {
  if (move.byte_length == 0) return std::nullopt;
  Moving moving{mapping.data(), page_size(), move, 0, 0};
  const auto [low, high] = std::minmax(move.to, move.from);
  // Armed from the lower range to the upper: what lies between is the mapping's own and untouched.
  const bool is_done = run_guarded(mapping.data() + low, high + move.byte_length - low,
                                   move.to > move.from ? move_up_step : move_down_step, &moving);
  if (is_done) return std::nullopt;
  return Move{move.to + moving.start, move.from + moving.start, moving.byte_length};
}

Search search_pages(const Mapping& mapping, Finder& finder, Range range) {
  FindInPages search{&finder, mapping.data() + range.start, mapping.data() + range.end, nullptr};
  if (range.start == range.end) return Search{false, finder.find(search.begin, search.end)};
  const bool is_done = run_guarded(search.begin, range.byte_length(), find_step, &search);
  return Search{!is_done, is_done ? search.match : nullptr};
}

Range unreadable_page(const Mapping& mapping, Range range, Direction direction) {
  if (range.start >= range.end) return Range{range.start, range.start};
  const std::uint64_t page = page_size();
  PageProbe probe{mapping.data(), page, range.start / page, (range.end + page - 1) / page,
                  direction,      0};
  const std::uint64_t begin = probe.first * page;
  const std::uint64_t byte_length = (probe.last - probe.first) * page;
  if (run_guarded(mapping.data() + begin, byte_length, probe_step, &probe))
    return Range{range.start, range.start};
  const std::uint64_t start = nth_page(probe, probe.readable) * page;
  return Range{std::max(start, range.start), std::min(start + page, range.end)};
}

}  // namespace mapscope
