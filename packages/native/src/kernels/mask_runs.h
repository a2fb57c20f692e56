// Runs of set bits in a stream of 64-bit words: linear in words, and in runs that are long enough.
//
// Everything is plain and of fixed size, for it is used inside guarded steps.
#pragma once

#include <bit>
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

inline std::uint64_t low_bits(int count) noexcept {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

// Set where so many ones begin: log2(length) steps, the same for every word, and no loop over the
// runs that are too short, which in random bytes are a dozen a word.
inline std::uint64_t long_enough(std::uint64_t mask, std::uint64_t length) noexcept {
  if (length > 64) return 0;
  for (std::uint64_t have = 1; have < length;) {
    const std::uint64_t step = have < length - have ? have : length - have;
    mask &= mask >> step;
    have += step;
  }
  return mask;
}

// Ends the open run at `end`; it goes into the sink when it is long enough.
inline void close_run(OpenRun& open, std::uint64_t end, RunLength least, RunSink& sink) noexcept {
  if (open.is_open && open.characters >= least.characters) sink.add(open.start, end);
  open.is_open = false;
}

// What of the word's last bytes is open after it.
inline OpenRun open_tail(std::uint64_t base, int tail, std::uint64_t starts) noexcept {
  const std::uint64_t last = starts & ~low_bits(64 - tail);
  return OpenRun{tail > 0, base + 64 - static_cast<unsigned>(tail),
                 static_cast<unsigned>(std::popcount(last))};
}

// Whether a run that is long enough ends in the word, begins in it or goes through it.
inline bool may_matter(const OpenRun& open, std::uint64_t base, std::uint64_t mask,
                       RunLength least) noexcept {
  const std::uint64_t before = open.is_open ? base - open.start : 0;
  const auto after = static_cast<unsigned>(std::countr_one(mask));
  return long_enough(mask, least.byte_length) != 0 || before + after >= least.byte_length ||
         mask == ~std::uint64_t{0};
}

// One word: `mask` says which bytes from `base` on are in runs, `starts` at which of those a
// character begins (for bytes that are characters: the same).
inline void feed_word(OpenRun& open, std::uint64_t base, std::uint64_t mask, std::uint64_t starts,
                      RunLength least, RunSink& sink) noexcept {
  if (mask == 0) return close_run(open, base, least, sink);
  // Most words. Without this, random bytes cost two mispredicted branches for each of them.
  if (!may_matter(open, base, mask, least)) {
    open = open_tail(base, std::countl_one(mask), starts);
    return;
  }
  if (open.is_open) {
    const int ones = std::countr_one(mask);
    open.characters += static_cast<unsigned>(std::popcount(starts & low_bits(ones)));
    if (ones == 64) return;
    close_run(open, base + static_cast<unsigned>(ones), least, sink);
    mask &= ~low_bits(ones);
  }
  if (mask == 0) return;
  const int tail = std::countl_one(mask);
  const std::uint64_t inner = mask & low_bits(64 - tail);
  for (std::uint64_t begins = long_enough(inner, least.byte_length); begins != 0;) {
    const int at = std::countr_zero(begins);
    const int length = std::countr_one(inner >> at);
    const auto characters = static_cast<unsigned>(std::popcount(starts & (low_bits(length) << at)));
    if (characters >= least.characters)
      sink.add(base + static_cast<unsigned>(at), base + static_cast<unsigned>(at + length));
    begins &= ~low_bits(at + length);
  }
  open = open_tail(base, tail, starts);
}

}  // namespace mapscope
