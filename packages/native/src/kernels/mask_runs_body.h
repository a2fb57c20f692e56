// Runs in masks, for the instruction set MAPSCOPE_RUNS_TARGET of the file that includes this.
//
// All words are first brought down to where a run has become long enough: with "a bit and the one
// before it" doubled again and again (log2 of the length steps, which the compiler does for several
// words at once). Only runs that count are left then, and each costs two changes between 0 and 1.
// Word by word, with a decision for each word whether it may matter, took three times as long.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "mask_runs.h"

namespace mapscope {
namespace {

// A run's first bits may lie in the word before the first, and no farther.
constexpr unsigned kLongestReach = 64;

struct Reached {
  std::uint64_t words[kMostMaskWords + 1];
};

MAPSCOPE_RUNS_TARGET inline std::uint64_t word_before(const OpenRun& open,
                                                      std::uint64_t base) noexcept {
  const std::uint64_t length = open.is_open ? base - open.start : 0;
  if (length == 0) return 0;
  return length >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> length);
}

// Set where so many ones end.
MAPSCOPE_RUNS_TARGET inline void reach(Reached& reached, std::size_t count,
                                       unsigned length) noexcept {
  for (unsigned have = 1; have < length;) {
    const unsigned step = std::min(have, length - have);
    const Reached from = reached;
    reached.words[0] &= from.words[0] << step;
    for (std::size_t w = 1; w <= count; ++w)
      reached.words[w] &= from.words[w] << step | from.words[w - 1] >> (64 - step);
    have += step;
  }
}

// Characters among bytes [start, end) of the words.
MAPSCOPE_RUNS_TARGET inline std::uint64_t characters_in(const MaskWords& words, std::uint64_t start,
                                                        std::uint64_t end) noexcept {
  if (words.starts == nullptr || start == end) return end - start;
  const std::uint64_t last = (end - 1) / 64;
  std::uint64_t count = 0;
  for (std::uint64_t w = start / 64; w <= last; ++w) {
    std::uint64_t starts = words.starts[w];
    if (w == start / 64) starts &= ~std::uint64_t{0} << start % 64;
    if (w == last) starts &= ~std::uint64_t{0} >> (63 - (end - 1) % 64);
    count += static_cast<std::uint64_t>(std::popcount(starts));
  }
  return count;
}

// The run from `start` on (an offset) as far as byte `end` of the words.
MAPSCOPE_RUNS_TARGET inline OpenRun run_to(const OpenRun& before, const MaskWords& words,
                                           std::uint64_t start, std::uint64_t end) noexcept {
  if (start < words.base)
    return OpenRun{true, before.start, before.characters + characters_in(words, 0, end)};
  return OpenRun{true, start, characters_in(words, start - words.base, end)};
}

MAPSCOPE_RUNS_TARGET void find_runs(OpenRun& open, const MaskWords& words, RunLength least,
                                    RunSink& sink) noexcept {
  const auto length =
      static_cast<unsigned>(std::min<std::uint64_t>(least.byte_length, kLongestReach));
  Reached reached;
  reached.words[0] = word_before(open, words.base);
  std::memcpy(reached.words + 1, words.in_run, words.count * sizeof(std::uint64_t));
  reach(reached, words.count, length);
  // Of the run under way, and whether there is one that is long enough so far.
  std::uint64_t start = open.start;
  std::uint64_t carry = reached.words[0] >> 63;
  const OpenRun before = open;
  for (std::size_t w = 0; w < words.count; ++w) {
    const std::uint64_t long_here = reached.words[w + 1];
    std::uint64_t changes = long_here ^ (long_here << 1 | carry);
    carry = long_here >> 63;
    for (; changes != 0; changes &= changes - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(changes));
      const std::uint64_t at = w * 64 + bit;
      if ((long_here >> bit & 1) != 0) {
        start = words.base + at + 1 - length;
        continue;
      }
      const std::uint64_t end = words.base + at;
      if (end - start < least.byte_length) continue;
      if (words.starts != nullptr && run_to(before, words, start, at).characters < least.characters)
        continue;
      sink.add(start, end);
    }
  }
  const std::uint64_t end = words.base + words.count * 64;
  // What is too short so far lies in the last word: 64 ones are long enough for a carry.
  if (carry == 0)
    start = end - static_cast<unsigned>(std::countl_one(words.in_run[words.count - 1]));
  open = start < end ? run_to(before, words, start, words.count * 64) : OpenRun{false, 0, 0};
}

}  // namespace
}  // namespace mapscope
