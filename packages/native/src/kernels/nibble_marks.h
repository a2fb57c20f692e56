// A quick look for a few needles at every place of a text: three bytes of each as six tables of 16
// (what its half-bytes may be), a bit for each bucket of needles, looked up for 32 places at once.
#pragma once

#include <cstddef>

#include "matching.h"

namespace mapscope {

constexpr std::size_t kNibbleBytes = 3;
constexpr std::size_t kNibbleBuckets = 8;  // of a group: a bit each
constexpr std::size_t kMostNibbleGroups = 4;
constexpr std::size_t kNibbleBlock = 32;
// A block is looked at with the bytes behind it that its last places reach to.
constexpr std::size_t kNibbleReach = kNibbleBlock + kNibbleBytes - 1;

// Bit b of low[i][n]: some needle of bucket b may have n in the lower half of its byte i.
struct NibbleGroup {
  Octet low[kNibbleBytes][16] = {};
  Octet high[kNibbleBytes][16] = {};
};

struct NibbleGroups {
  const NibbleGroup* groups;
  std::size_t count;  // 1 to kMostNibbleGroups
};

// Bit b of [g][i]: bucket b of group g may have a needle at place i of the block.
using NibbleMarks = Octet[kMostNibbleGroups][kNibbleBlock];

// The first block from `from` on, of `blocks` in a row, with a mark; `blocks` when there is none,
// and then the marks say nothing. Touches kNibbleReach bytes from each block's begin on.
using MarkNibbles = std::size_t (*)(const NibbleGroups& wanted, const Octet* begin,
                                    std::size_t blocks, std::size_t from,
                                    NibbleMarks& marks) noexcept;

std::size_t avx2_mark_nibbles(const NibbleGroups& wanted, const Octet* begin, std::size_t blocks,
                              std::size_t from, NibbleMarks& marks) noexcept;
std::size_t neon_mark_nibbles(const NibbleGroups& wanted, const Octet* begin, std::size_t blocks,
                              std::size_t from, NibbleMarks& marks) noexcept;

}  // namespace mapscope
