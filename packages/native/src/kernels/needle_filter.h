// Where one of many needles may be: a quick look at the text that misses none of its needles.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "masked_bytes.h"
#include "matching.h"

namespace mapscope {

// What the filters of one scan share.
struct NeedleScan {
  std::span<const MaskedBytes> needles;
  const Alignment& alignment;
  Hits& hits;
  std::uint64_t work_left;  // needles that may still be looked at

  // Adds the needle when it is at that place. False when the hits are full.
  bool take(const Text& text, std::uint64_t place, std::uint32_t needle) noexcept {
    const MaskedBytes& bytes = needles[needle];
    if (bytes.byte_length > text.byte_length() - place) return true;
    if (!is_match(bytes, text.begin + place, text.end) || !alignment.has(place)) return true;
    if (hits.is_full()) return false;
    hits.add(place, needle);
    return true;
  }
};

class NeedleFilter {
 public:
  virtual ~NeedleFilter() = default;

  // Adds the hits of its needles that begin at the text's places, in any order. False when the hits
  // are full or the work is too much: then some are missing.
  virtual bool scan(const Text& text, NeedleScan& scan) const noexcept = 0;
};

// Numbers of the needles that a filter is for, in a set of needles.
using NeedleNumbers = std::vector<std::uint32_t>;

// How common a byte is in files, roughly; more is commoner.
std::uint32_t guessed_commonness(Octet byte);

}  // namespace mapscope
