// Numbers of a fixed width between two bounds.
#pragma once

#include <cstdint>

#include "masked_run.h"
#include "matching.h"

namespace mapscope {

enum class NumberKind : std::uint8_t { kInteger, kHalf, kFloat };

// Made by number_pattern.cc; what the tiers' loops read.
struct NumberRange {
  NumberKind kind;
  std::uint32_t byte_length;  // 1, 2, 4 or 8
  bool is_swapped;            // the bytes lie the other way round than this machine's
  bool is_empty;              // no number is in it
  // Integers and halves: (key - low) <= span, in as many bits as the number has. That is right for
  // signed ones, too. A half's key is its bits in the order of its value.
  std::uint64_t low;
  std::uint64_t span;
  // Floats: low <= value <= high.
  double float_low;
  double float_high;
};

// From the first place to the last, or to the first hit that found no room.
using ScanNumber = std::uint64_t (*)(const NumberRange& range, const Alignment& alignment,
                                     const Text& text, Hits& hits);

}  // namespace mapscope
