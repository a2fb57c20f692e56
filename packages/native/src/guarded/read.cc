#include "read.h"

#include <algorithm>
#include <utility>

#include "file_end.h"

namespace mapscope {
namespace {

Ranges read_once(const Mapping& mapping, Range range, std::byte* target) {
  Ranges unreadable;
  const std::uint64_t page = page_size();
  for (std::uint64_t at = range.start; at < range.end;) {
    at += copy_from_pages(mapping, at, target + (at - range.start), range.end - at);
    if (at == range.end) break;
    // One page is gone (a bad sector, a lost server), or all that follow are: the file was cut
    // short.
    const std::uint64_t next_page = at / page * page + page;
    const std::uint64_t next =
        at >= file_end(mapping).offset ? range.end : std::min(next_page, range.end);
    unreadable.add(Range{at, next});
    at = next;
  }
  return unreadable;
}

// In the last page of a file the kernel shows zeros past the end; and what was cut off meanwhile
// may have been copied as zeros.
Ranges without_what_is_cut(Ranges unreadable, Range range, std::uint64_t file_end) {
  const std::uint64_t end = std::max(file_end, range.start);
  if (end >= range.end) return unreadable;
  Ranges cut;
  for (const Range& gap : unreadable.met()) cut.add(Range{gap.start, std::min(gap.end, end)});
  cut.add(Range{end, range.end});
  return cut;
}

// Reads until the file was the same before and after; the last of `tries` says what it can.
struct Read {
  Ranges unreadable;
  bool is_steady;
};

Read read_steadily(const Mapping& mapping, Range range, std::byte* target, int tries) {
  FileEnd before = file_end(mapping);
  std::uint64_t shortest = before.offset;
  for (int tried = 1;; ++tried) {
    Ranges unreadable = read_once(mapping, range, target);
    const FileEnd after = file_end(mapping);
    shortest = std::min(shortest, after.offset);
    const bool is_steady = before == after;
    const std::uint64_t end = is_steady ? after.offset : shortest;
    if (is_steady || tried == tries) {
      return Read{without_what_is_cut(std::move(unreadable), range, end), is_steady};
    }
    before = after;
  }
}

}  // namespace

Ranges read_what_is_there(const Mapping& mapping, Range range, std::byte* target) {
  mapping.populate(range.start, range.byte_length());
  Read whole = read_steadily(mapping, range, target, 1);
  if (whole.is_steady) return std::move(whole.unreadable);
  // Page by page: a file that changes every 100 us is never the same around a MiB, and nearly
  // always around a page.
  Ranges unreadable;
  const std::uint64_t page = page_size();
  for (std::uint64_t at = range.start; at < range.end;) {
    const std::uint64_t next = std::min(at / page * page + page, range.end);
    const Read read =
        read_steadily(mapping, Range{at, next}, target + (at - range.start), kSteadyTries);
    for (const Range& gap : read.unreadable.met()) unreadable.add(gap);
    at = next;
  }
  return unreadable;
}

}  // namespace mapscope
