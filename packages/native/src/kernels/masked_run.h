// One needle's way through one text: what the tiers' loops share. They look for candidates, many
// places at a time; everything that is done with a candidate is here, and compiled once.
#pragma once

#include <cstdint>

#include "matching.h"
#include "probes.h"

namespace mapscope {

enum class Halt : std::uint8_t {
  kNone,
  kFull,       // the hits are
  kGoOn,       // from there: other probes were chosen, or many places are done
  kDoesNotPay  // too many candidates are none
};

enum class Density : std::uint8_t { kSparse, kDense, kCrowded };

struct MaskedRun {
  MaskedRun(const MaskedBytes& needle, std::uint64_t period, const MatchRules& rules,
            const Probes& probes, const Text& text);

  MaskedBytes needle;
  std::uint64_t period;  // 0: not known
  Probes probes;
  Alignment alignment;
  bool is_overlapping;
  // The needle is its own beginning over and over: its hits may overlap a lot.
  bool is_repetitive;
  // Of hits, where they were looked for last.
  Density density = Density::kSparse;

  Halt halt = Halt::kNone;
  std::uint64_t next_place = 0;  // where the next hit may begin
  std::uint64_t false_candidates = 0;
  std::uint64_t probed_from = 0;  // where the present probes came to be
  std::uint32_t adopted = 0;
  std::uint64_t cost = 0;

  // Each candidate in the mask of a block is a hit as it is.
  bool is_plain() const { return probes.is_exact() && is_overlapping; }
};

// Takes the candidates among 64 places from `base` (a multiple of 64) on. Returns the place to go
// on from, with run.halt set when it is time to stop there.
std::uint64_t take_candidates(MaskedRun& run, const Text& text, std::uint64_t base,
                              std::uint64_t candidates, Hits& hits) noexcept;

// Candidates among [base, end), which are at most 64 places.
std::uint64_t candidates_one_by_one(const MaskedRun& run, const Text& text, std::uint64_t base,
                                    std::uint64_t end) noexcept;

// All of a tier: goes from place `from` to the last, or to where run.halt says why.
using ScanMasked = std::uint64_t (*)(MaskedRun& run, const Text& text, std::uint64_t from,
                                     Hits& hits);

}  // namespace mapscope
