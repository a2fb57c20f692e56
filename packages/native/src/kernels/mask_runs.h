// Runs of set bits in a stream of 64-bit words: linear in words, and in runs that are long enough.
// (mask_runs_body.h is how.)
//
// Everything is plain and of fixed size, for it is used inside guarded steps.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mapscope {

struct Run {
  std::uint64_t start;
  std::uint64_t end;
};

// A run that the words so far did not end, and how many characters of it there were.
struct OpenRun {
  bool is_open;
  std::uint64_t start;
  std::uint64_t characters;
};

// How long a run must be to count: so many characters, of so many bytes at least.
struct RunLength {
  std::uint64_t characters;
  std::uint64_t byte_length;
};

// Memory that runs are put into, which is somebody else's.
struct RunSink {
  Run* runs;
  std::size_t count;

  void add(std::uint64_t start, std::uint64_t end) noexcept { runs[count++] = Run{start, end}; }
};

// No word ends more: every other bit, and one from before.
constexpr std::size_t kMaxRunsInWord = 33;

// Ends the open run at `end`; it goes into the sink when it is long enough.
inline void close_run(OpenRun& open, std::uint64_t end, RunLength least, RunSink& sink) noexcept {
  if (open.is_open && open.characters >= least.characters) sink.add(open.start, end);
  open.is_open = false;
}

// The words of one look at a time: 4 KiB of bytes, whose masks stay in the first cache.
constexpr std::size_t kMostMaskWords = 64;

struct MaskWords {
  std::uint64_t base;  // of the first bit
  const std::uint64_t* in_run;
  // Of those, where characters begin; null: each is one.
  const std::uint64_t* starts;
  std::size_t count;  // 1 to kMostMaskWords
};

// Goes on with `open`, which ended right before the words if at all. What is open at their end may
// be shorter than `least`.
using FindRuns = void (*)(OpenRun& open, const MaskWords& words, RunLength least,
                          RunSink& sink) noexcept;

}  // namespace mapscope
