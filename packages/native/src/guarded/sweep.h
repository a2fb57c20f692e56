// Looking at every byte of a stretch of a mapping once, in order, past what cannot be read.
#pragma once

#include <cstdint>
#include <optional>

#include "../os/mapping.h"
#include "file_end.h"
#include "ranges.h"

namespace mapscope {

// What is done with the bytes. A look may be abandoned or made again (the file changed meanwhile),
// so what it finds counts only when it is kept.
class Sweeper {
 public:
  virtual ~Sweeper() = default;

  // A step of a guard: allocates nothing, takes no lock. Starts from what was kept last; says how
  // many of the bytes it is done with, 0 when it needs more of them (never when `is_last`) or has
  // no room. `is_last`: what follows cannot be read, or is past the end.
  virtual std::uint64_t look(const std::byte* bytes, Range window, bool is_last) noexcept = 0;

  // The last look's findings are true, as far as it came.
  virtual void keep() = 0;

  // These cannot be read.
  virtual void skip(Range gap) = 0;
};

class Sweep {
 public:
  // How much a step looks at, and so how often cancel() is polled.
  static constexpr std::uint64_t kWindow = 1 << 20;

  struct Options {
    Range range;
    bool is_end = true;  // nothing follows the range that would go on with it
    std::uint64_t window = kWindow;
  };

  // The mapping and the sweeper outlive the sweep.
  Sweep(const Mapping& mapping, Sweeper& sweeper, const Options& options)
      : mapping_(mapping),
        sweeper_(sweeper),
        range_(options.range),
        is_end_(options.is_end),
        window_(options.window),
        edge_(options.range.start) {}

  // One window more, or one gap. False when there is nothing left, or nothing more can be told
  // without what follows the range.
  bool step();

  // Everything before is done with.
  std::uint64_t edge() const { return edge_; }
  bool is_at_end() const { return edge_ == range_.end; }
  Range range() const { return range_; }
  const Ranges& unreadable() const { return unreadable_; }

 private:
  // How many bytes of the window were done with; none when one of them cannot be had.
  std::optional<std::uint64_t> look(Range window, bool is_last);
  // Whether what was looked at was the file's. False: look again.
  bool is_settled(const FileEnd& before, std::uint64_t looked_to);
  void skip(Range gap);

  const Mapping& mapping_;
  Sweeper& sweeper_;
  const Range range_;
  const bool is_end_;
  const std::uint64_t window_;
  std::uint64_t edge_;
  int unsteady_tries_ = 0;                  // of the window at edge_
  std::optional<std::uint64_t> shortened_;  // where the file was seen to end while it flickered
  Ranges unreadable_;
};

}  // namespace mapscope
