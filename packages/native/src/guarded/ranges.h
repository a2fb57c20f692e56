// Ranges of a mapping that could not be read.
#pragma once

#include <algorithm>
#include <vector>

#include "touch.h"

namespace mapscope {

class Ranges {
 public:
  // Empty ones are ignored. One that continues the last (in either direction) is joined to it.
  void add(Range range) {
    if (range.start >= range.end) return;
    if (!ranges_.empty() && ranges_.back().end == range.start) {
      ranges_.back().end = range.end;
    } else if (!ranges_.empty() && ranges_.back().start == range.end) {
      ranges_.back().start = range.start;
    } else {
      ranges_.push_back(range);
    }
  }

  bool is_empty() const { return ranges_.empty(); }

  // In the order they were met.
  const std::vector<Range>& met() const { return ranges_; }

  // By offset, disjoint.
  std::vector<Range> sorted() const {
    std::vector<Range> ranges = ranges_;
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.start < b.start; });
    return ranges;
  }

 private:
  std::vector<Range> ranges_;
};

}  // namespace mapscope
