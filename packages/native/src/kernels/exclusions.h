// The search for a long masked needle in texts where most bytes tell nothing: zeros, to a needle of
// zeros and of bytes that do not count. The others are few, and each tells of 64 places at once
// which of them it rules out. To compare the needle with each place would take time by its length.
#pragma once

#include <cstdint>
#include <memory>

#include "masked_run.h"

namespace mapscope {

// Which of 64 bytes of a needle accept a byte of the text: one of each tier.
using AcceptedBits = std::uint64_t (*)(const Octet* values, const Octet* masks, Octet byte);

// Of a needle, made once.
class TellingBytes {
 public:
  explicit TellingBytes(const MaskedBytes& needle);

  // Whether there are bytes that every place of the needle accepts.
  bool is_any_harmless() const { return is_any_harmless_; }
  bool tells(Octet byte) const { return tells_[byte]; }
  std::uint64_t harmless_word() const { return harmless_word_; }

  // Of 64 places of the needle from `first` on, of -63 to its length; those outside accept all.
  std::uint64_t accepted(AcceptedBits accepted_bits, std::int64_t first, Octet byte) const {
    return accepted_bits(values_.get() + kPadding + first, masks_.get() + kPadding + first, byte);
  }

 private:
  static constexpr std::uint64_t kPadding = 64;

  std::unique_ptr<Octet[]> values_;
  std::unique_ptr<Octet[]> masks_;
  bool tells_[256] = {};
  bool is_any_harmless_ = false;
  std::uint64_t harmless_word_ = 0;  // eight times the first of them
};

// One scan's memory.
class Exclusions {
 public:
  Exclusions(const TellingBytes& telling, AcceptedBits accepted_bits);

  // Goes from place `from` to the last, or to where the hits are full (run.halt says so) or so much
  // was done that it is time to ask for cancellation.
  std::uint64_t scan(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) noexcept;

 private:
  static constexpr std::uint64_t kMostKept = 4 << 10;

  void look_on(const Text& text, std::uint64_t base, std::uint64_t end) noexcept;
  std::uint64_t alive_at(const Text& text, std::uint64_t base, std::uint64_t places) noexcept;
  bool take(MaskedRun& run, const Text& text, std::uint64_t place, Hits& hits) noexcept;

  const TellingBytes& telling_;
  const AcceptedBits accepted_bits_;
  // A ring: where the bytes are that tell, from the present place to looked_to_.
  const std::unique_ptr<std::uint64_t[]> kept_;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t looked_to_ = 0;
  std::uint64_t work_ = 0;
};

}  // namespace mapscope
