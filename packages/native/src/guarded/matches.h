// All places of a mapping where a pattern matches, past what cannot be read.
#pragma once

#include <cstdint>
#include <optional>

#include "../kernels/match_walk.h"
#include "../os/mapping.h"
#include "file_end.h"
#include "ranges.h"

namespace mapscope {

// What the page tables have of what is looked at.
struct PageUse {
  // All of it, most likely, from the time before: to ask for it would cost as much as looking.
  bool are_mapped;
  bool are_kept;
};

class Matches {
 public:
  // The mapping and the pattern outlive it; the request's range lies in the mapping.
  Matches(const Mapping& mapping, const Pattern& pattern, const MatchRequest& request,
          PageUse pages);

  // Scans about a MiB more, or steps over one stretch that cannot be read. True while there is more
  // to do.
  bool step();

  const MatchWalk& walk() const { return walk_; }
  const Ranges& unreadable() const { return unreadable_; }

 private:
  bool is_reverse() const { return walk_.request().is_reverse; }
  void note_file_end(std::uint64_t file_end);
  std::optional<MatchWalk::Window> next_window(std::uint64_t file_end) const;
  void bring_in(const MatchWalk::Window& window);
  bool scan(const MatchWalk::Window& window);
  void meet_gap(const MatchWalk::Window& window);
  bool is_settled(const MatchWalk::Window& window);
  bool step_over_gap(std::uint64_t file_end);

  const Mapping& mapping_;
  const PageUse pages_;
  MatchWalk walk_;
  // The next stretch that cannot be read: windows end (in reverse: begin) at it.
  std::optional<Range> gap_;
  std::uint64_t ceiling_;  // in reverse: windows lie before it
  std::optional<Range> brought_in_;
  int unsteady_tries_ = 0;
  Ranges unreadable_;
};

}  // namespace mapscope
