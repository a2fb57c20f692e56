// Which three bytes of a needle to look for, and which needles to look for together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "masked_bytes.h"
#include "nibble_marks.h"

namespace mapscope {

// What the half-bytes of three bytes in a row may be: bit n of low[i] says that byte i may have n
// as its lower half. Of several needles, each half's set holds all of theirs.
struct NibbleSets {
  std::uint16_t low[kNibbleBytes] = {};
  std::uint16_t high[kNibbleBytes] = {};
};

// Those of the needle from `offset` on; behind its end any byte will do.
NibbleSets nibble_sets(const MaskedBytes& needle, std::uint64_t offset);

// Where in the needle three bytes begin that files hold seldom.
std::uint64_t rarest_nibbles(const MaskedBytes& needle);

// Puts all of them into `most` buckets or fewer, as numbers in `sets`, so that few places of a file
// look like any of a bucket's. For some hundred at most: the work grows with their square.
std::vector<std::vector<std::uint32_t>> nibble_buckets(std::span<const NibbleSets> sets,
                                                       std::size_t most);

}  // namespace mapscope
