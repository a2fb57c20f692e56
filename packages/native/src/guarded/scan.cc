#include "scan.h"

#include <algorithm>

namespace mapscope {
namespace {

constexpr std::uint64_t kStep = 1 << 20;

}  // namespace

Scan::Scan(const Mapping& mapping, Finder& finder, Range range)
    : mapping_(mapping),
      finder_(finder),
      range_(range),
      edge_(is_forward() ? range.start : range.end) {
  if (finder.needle_length() == 0) match_ = edge_;
}

std::uint64_t Scan::scanned_to() const {
  if (match_) return is_forward() ? *match_ + finder_.needle_length() : *match_;
  return edge_;
}

// Windows overlap by the needle less a byte. A step is at least as long as the needle, so that a
// very long one is still met in linear time. The last window ends where the file does: the zeros
// that the kernel shows after that are not the file's.
Range Scan::next_window(std::uint64_t file_end) const {
  const std::uint64_t step = std::max(kStep, finder_.needle_length());
  const std::uint64_t length = step + finder_.needle_length() - 1;
  const std::uint64_t end = std::max(std::min(range_.end, file_end), range_.start);
  if (is_forward())
    return Range{edge_,
                 edge_ < end && end - edge_ > length ? edge_ + length : std::max(end, edge_)};
  return Range{edge_ - range_.start > length ? edge_ - length : range_.start, edge_};
}

bool Scan::step() {
  if (match_) return false;
  const FileEnd before = file_end(mapping_);
  const std::uint64_t end = before.offset;
  if (!is_forward() && end < edge_ && edge_ > range_.start) {
    step_over(Range{std::max(end, range_.start), edge_});
    return true;
  }
  const Range window = next_window(end);
  if (window.byte_length() < finder_.needle_length()) return finish(end);
  mapping_.populate(window.start, window.byte_length());
  Range searched = window;
  Range gap{window.start, window.start};
  if (!search_window(window)) {
    gap = unreadable_page(mapping_, window, finder_.direction());
    // Nothing is missing any more, or the file was cut short: the next step sees the file as it is
    // now.
    if (gap.byte_length() == 0 || gap.start >= file_end(mapping_).offset) return true;
    searched = is_forward() ? Range{window.start, gap.start} : Range{gap.end, window.end};
    if (!search_window(searched)) return true;
  }
  const FileEnd after = file_end(mapping_);
  if (after != before) {
    // The match may be in zeros that the kernel showed for a moment, and so may what hid one.
    if (++unsteady_tries_ < kSteadyTries) {
      match_.reset();
      return true;
    }
    gap = settle(searched, gap, after);
  }
  if (match_) return false;
  if (gap.byte_length() > 0) {
    step_over(gap);
  } else {
    pass(window);
  }
  return true;
}

// The file changed at every try. A match stands when the file is the same around its bytes, which
// is likelier than around a MiB; without one, what is cut off now counts as unreadable.
Range Scan::settle(Range searched, Range gap, const FileEnd& after) {
  if (match_) {
    const Range match{*match_, *match_ + finder_.needle_length()};
    if (is_confirmed(match)) return gap;
    match_.reset();
    return match;
  }
  if (after.offset >= searched.end) return gap;
  return Range{std::max(after.offset, searched.start), searched.end};
}

bool Scan::is_confirmed(Range match) const {
  for (int tries = 0; tries < kSteadyTries; ++tries) {
    const FileEnd before = file_end(mapping_);
    const Search search = search_pages(mapping_, finder_, match);
    if (file_end(mapping_) == before) return search.match != nullptr && before.offset >= match.end;
  }
  return false;
}

// False when a page could not be had.
bool Scan::search_window(Range window) {
  const Search search = search_pages(mapping_, finder_, window);
  if (search.match != nullptr) match_ = static_cast<std::uint64_t>(search.match - mapping_.data());
  return !search.is_faulted;
}

void Scan::step_over(Range gap) {
  unsteady_tries_ = 0;
  unreadable_.add(gap);
  edge_ = is_forward() ? gap.end : gap.start;
}

// A match may still begin in the window's last bytes (or end in its first ones).
void Scan::pass(Range window) {
  unsteady_tries_ = 0;
  const std::uint64_t overlap = finder_.needle_length() - 1;
  edge_ = is_forward() ? window.end - overlap : window.start + overlap;
}

bool Scan::finish(std::uint64_t file_end) {
  if (is_forward()) unreadable_.add(Range{std::max(file_end, edge_), range_.end});
  edge_ = is_forward() ? range_.end : range_.start;
  return false;
}

}  // namespace mapscope
