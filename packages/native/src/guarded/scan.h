// Searching a mapping a MiB at a time, past what cannot be read.
#pragma once

#include <cstdint>
#include <optional>

#include "../kernels/find.h"
#include "../os/mapping.h"
#include "file_end.h"
#include "ranges.h"

namespace mapscope {

class Scan {
 public:
  // The mapping and the finder outlive the scan.
  Scan(const Mapping& mapping, Finder& finder, Range range);

  // Searches about a MiB more, or steps over one stretch that cannot be read. True while there is
  // more to do.
  bool step();

  // The match's offset, once there is one.
  std::optional<std::uint64_t> match() const { return match_; }
  const Ranges& unreadable() const { return unreadable_; }

  // How far the scan came. Going on from here (as start or, in reverse, as end) misses no match and
  // repeats none.
  std::uint64_t scanned_to() const;

  // How far the pages have been touched; what is behind may be let go.
  std::uint64_t edge() const { return edge_; }

 private:
  bool is_forward() const { return finder_.direction() == Direction::kForward; }
  Range next_window(std::uint64_t file_end) const;
  bool search_window(Range window);
  Range settle(Range searched, Range gap, const FileEnd& after);
  bool is_confirmed(Range match) const;
  void step_over(Range gap);
  void pass(Range window);
  bool finish(std::uint64_t file_end);

  const Mapping& mapping_;
  Finder& finder_;
  const Range range_;
  std::uint64_t edge_;  // matches wholly on the near side of it are known
  std::optional<std::uint64_t> match_;
  int unsteady_tries_ = 0;  // of the window at edge_
  Ranges unreadable_;
};

}  // namespace mapscope
