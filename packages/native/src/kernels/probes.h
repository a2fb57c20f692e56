// Which few bytes of a needle to look for: the rarest ones of the text at hand.
#pragma once

#include <cstdint>

#include "masked_bytes.h"

namespace mapscope {

struct Probe {
  std::uint64_t offset;  // in the needle
  Octet value;
  Octet mask;
};

// One to four places of the needle; no two are the same.
struct Probes {
  static constexpr std::uint32_t kMost = 4;

  Probe items[kMost];
  std::uint32_t count;
  std::uint32_t counting;  // bytes of the needle that count; when they are many, more than kMost

  // Every byte of the needle that counts is a probe: a candidate is a match.
  bool is_exact() const { return counting <= count; }
  bool can_be_exact() const { return counting <= kMost; }
};

// By how common bytes are in files, roughly: for before a text was seen.
Probes guessed_probes(const MaskedBytes& needle) noexcept;

// By how common bytes are in some 4 KiB of the text's places.
Probes sampled_probes(const MaskedBytes& needle, const Text& text) noexcept;

// With one more place of the needle, which told a candidate from a match (in the stead of another,
// when there are enough): the way out of texts whose bytes are all equally common.
// Returns whether anything is new.
bool adopt_probe(Probes& probes, const MaskedBytes& needle, std::uint64_t offset,
                 std::uint32_t in_place_of) noexcept;

// Adopts all that count, when they are few enough. Returns whether the probes are exact now.
bool complete_probes(Probes& probes, const MaskedBytes& needle) noexcept;

}  // namespace mapscope
