// The run that a stretch begins with, however short: what came before may go on in it. So parts of
// a file can be searched side by side, and be joined afterwards.
#pragma once

#include <bit>
#include <cstdint>

#include "../kernels/mask_runs.h"

namespace mapscope {

// A character that began before the stretch reaches so many bytes into it at most (of UTF-8: three
// of four). They are in no run as the stretch sees it, so only its first run can be what goes on.
constexpr std::uint64_t kMostCarriedBytes = 3;

// Plain, for it is followed inside guarded steps.
struct HeadRun {
  enum class State : std::uint8_t { kSought, kOpen, kEnded, kNone };

  State state = State::kSought;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t characters = 0;

  // Words in order, without gaps, from the stretch's first byte on.
  void follow(const MaskWords& words) noexcept {
    std::uint64_t bit = 0;
    if (state == State::kSought) {
      bit = static_cast<std::uint64_t>(std::countr_zero(words.in_run[0]));
      state = bit <= kMostCarriedBytes ? State::kOpen : State::kNone;
      start = words.base + bit;
    }
    for (std::size_t w = 0; state == State::kOpen && w < words.count; ++w, bit = 0)
      take(words, w, bit);
  }

  // What follows cannot be read, or is not there.
  void stop(std::uint64_t at) noexcept {
    if (state == State::kOpen) end = at;
    state = state == State::kOpen || state == State::kEnded ? State::kEnded : State::kNone;
  }

 private:
  void take(const MaskWords& words, std::size_t w, std::uint64_t from) noexcept {
    const auto length = static_cast<std::uint64_t>(std::countr_one(words.in_run[w] >> from));
    const std::uint64_t bits = (length == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << length) - 1)
                               << from;
    const std::uint64_t starts = words.starts == nullptr ? bits : words.starts[w] & bits;
    characters += static_cast<std::uint64_t>(std::popcount(starts));
    if (from + length == 64) return;
    state = State::kEnded;
    end = words.base + w * 64 + from + length;
  }
};

}  // namespace mapscope
