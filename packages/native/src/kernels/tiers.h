// What this processor can: a row for each way to run the loops that matter, best first.
#pragma once

#include <span>

#include "exclusions.h"
#include "masked_run.h"
#include "nibble_marks.h"
#include "number_range.h"

namespace mapscope {

struct Tier {
  const char* name;
  ScanMasked scan_masked;
  AcceptedBits accepted_bits;
  ScanNumber scan_number;
  MarkNibbles mark_nibbles;  // null: tables of 16 cannot be looked up at once
};

// Those that this processor runs; never none. One file for each kind of processor (binding.gyp
// picks).
std::span<const Tier* const> tiers();

// Each in a file of its own, compiled for that instruction set.
extern const Tier kAvx2Tier;
extern const Tier kSse2Tier;
extern const Tier kNeonTier;
extern const Tier kPlainTier;

}  // namespace mapscope
