// What can be searched for: the seam between the kinds of patterns and everything that runs them.
#pragma once

#include <cstdint>
#include <memory>

#include "matching.h"

namespace mapscope {

// One scan's own memory of how it goes. Its scan() may be abandoned at any byte by a fault and be
// called again: what it keeps must be right (if not the best) after every store.
class Scanner {
 public:
  virtual ~Scanner() = default;

  // Adds the hits that begin at the text's places and end inside it, by place, then by detail.
  // Returns how many places are done: fewer than there are when the hits are full (the hits of one
  // place are never parted) or when so much work was done that it is time to ask for cancellation;
  // more of them when hits must not overlap and the last one reaches further.
  virtual std::uint64_t scan(const Text& text, Hits& hits) noexcept = 0;
};

// Made once, never changed: any number of scans on any threads may use it.
class Pattern {
 public:
  virtual ~Pattern() = default;

  virtual std::uint64_t min_byte_length() const = 0;
  virtual std::uint64_t max_byte_length() const = 0;
  // At one place; the hits' capacity must be at least this.
  virtual std::uint64_t max_hits_per_place() const { return 1; }
  virtual std::uint64_t byte_length_of(std::uint32_t detail) const = 0;
  // Whether the detail is a needle's number.
  virtual bool has_which() const { return false; }
  // Whether is_overlapping = false is understood.
  virtual bool can_step_over_hits() const { return false; }

  // The pattern outlives it.
  virtual std::unique_ptr<Scanner> scanner(const MatchRules& rules) const = 0;
};

}  // namespace mapscope
