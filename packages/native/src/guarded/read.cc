#include "read.h"

#include <algorithm>

#include "file_end.h"

namespace mapscope {

Ranges read_what_is_there(const Mapping& mapping, Range range, std::byte* target) {
  Ranges unreadable;
  mapping.populate(range.start, range.byte_length());
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
  // In the last page of a file the kernel shows zeros past the end; and what was cut off meanwhile
  // may have been copied as zeros.
  const std::uint64_t end = std::max(file_end(mapping).offset, range.start);
  if (end >= range.end) return unreadable;
  Ranges cut;
  for (const Range& gap : unreadable.met()) cut.add(Range{gap.start, std::min(gap.end, end)});
  cut.add(Range{end, range.end});
  return cut;
}

}  // namespace mapscope
