// The way of a pattern through a long text, window by window, in either direction, and what was
// found. Knows neither where the bytes are nor whether they can be read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "pattern.h"

namespace mapscope {

struct MatchRequest {
  std::uint64_t start;
  std::uint64_t end;            // hits lie wholly in [start, end)
  std::uint64_t starts_before;  // and begin before this
  bool is_reverse;
  std::uint64_t limit;
  MatchRules rules;
};

class MatchWalk {
 public:
  // The most hits of one walk (and some more of the last one's place): their offsets are an array
  // in JavaScript.
  static constexpr std::uint64_t kMostHits = 16 << 20;

  // The pattern outlives the walk.
  MatchWalk(const Pattern& pattern, const MatchRequest& request);

  struct Window {
    std::uint64_t start;       // the first place
    std::uint64_t places_end;  // one past the last
    std::uint64_t end;         // one past the last byte that a hit there may have

    std::uint64_t places() const { return places_end - start; }
    std::uint64_t byte_length() const { return end - start; }
  };

  // What to scan next, of the bytes [floor, ceiling) that can be read; nothing when no hit fits
  // there on this side of the edge.
  std::optional<Window> window(std::uint64_t floor, std::uint64_t ceiling) const;

  // Scans the window's bytes, which are at `bytes`, into the walk's own array; the only thing that
  // touches them. May be abandoned at any byte, and done again.
  void scan(const Window& window, const Octet* bytes) noexcept;

  // What that scan found counts, and the walk goes on behind it.
  void take(const Window& window);

  // The next windows are short, and then longer and longer again.
  void shorten();
  bool is_shortest() const { return step_ <= kShortest; }

  // No hit begins before (or, in reverse, at or after) this.
  void skip_to(std::uint64_t edge);
  void finish() { is_finished_ = true; }
  bool is_done() const { return is_finished_ || count_is_full(); }

  // Forward: the next place. In reverse: one past it.
  std::uint64_t edge() const { return edge_; }
  // One past the last byte that a hit from here on (in reverse: before the edge) may have.
  std::uint64_t needed_end() const;
  const MatchRequest& request() const { return request_; }

  const Pattern& pattern() const { return pattern_; }
  std::uint64_t count() const { return count_; }
  std::span<const double> offsets() const { return {offsets_.get(), offsets_ ? count_ : 0}; }
  // One for each offset, when the pattern's hits differ in anything else.
  std::span<const std::uint32_t> details() const { return {details_.get(), details_ ? count_ : 0}; }
  // See lib/binding.ts.
  std::uint64_t scanned_to() const;

 private:
  static constexpr std::uint64_t kShortest = 256;

  bool count_is_full() const;
  std::uint64_t left() const { return limit_ - count_; }
  void take_forward(const Window& window);
  void take_reverse(const Window& window);
  void keep(std::uint64_t count, std::uint64_t base);

  const Pattern& pattern_;
  const MatchRequest request_;
  const std::uint64_t limit_;
  const std::uint64_t longest_step_;
  const std::unique_ptr<Scanner> scanner_;
  const std::uint64_t capacity_;
  const std::unique_ptr<std::uint64_t[]> items_;
  Hits hits_{};
  std::uint64_t done_ = 0;  // places of the last scan
  std::uint64_t edge_;
  std::uint64_t step_;
  const bool has_details_;
  bool is_finished_ = false;
  std::uint64_t count_ = 0;
  // Not vectors, which would fill them with zeros first.
  std::unique_ptr<double[]> offsets_;
  std::unique_ptr<std::uint32_t[]> details_;
};

}  // namespace mapscope
