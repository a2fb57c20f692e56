// Where two mappings differ.
#pragma once

#include <cstdint>
#include <vector>

#include "../kernels/byte_masks.h"
#include "../kernels/mask_runs.h"
#include "sweep.h"

namespace mapscope {

// Sweeps over the one mapping and compares with the other's bytes, which come by way of a buffer
// that stays in the second cache: a guard covers one range.
class CompareSweeper final : public Sweeper {
 public:
  // What a step looks at: as much as the buffer holds, a part of the second cache.
  static constexpr std::uint64_t kWindow = 128 << 10;

  // The byte at `offset` of the swept mapping is compared with that at `other_offset` of the other,
  // which outlives this.
  CompareSweeper(const Mapping& other, std::uint64_t offset, std::uint64_t other_offset);

  // Before each step: brings in what the other has from `edge` on, at most to `end`. The step looks
  // no further.
  void bring_in(std::uint64_t edge, std::uint64_t end);

  std::uint64_t look(const std::byte* bytes, Range window, bool is_last) noexcept override;
  void keep() override;
  void skip(Range gap) override;
  void finish(std::uint64_t end);

  // Offsets in the swept mapping.
  const std::vector<Run>& runs() const { return runs_; }
  // Offsets in the other.
  const Ranges& unreadable() const { return unreadable_; }

 private:
  void compare(const std::byte* bytes, Range window, Range piece) noexcept;

  const ByteMaskTier& tier_;
  const Mapping& other_;
  const std::uint64_t offset_;
  const std::uint64_t other_offset_;
  std::vector<std::byte> buffer_;
  Range held_{0, 0};         // what the buffer holds, as offsets in the swept mapping
  std::vector<Range> gaps_;  // what of it is not true
  OpenRun kept_{false, 0, 0};
  OpenRun looked_{false, 0, 0};
  std::vector<Run> found_;
  RunSink sink_{nullptr, 0};
  std::vector<Run> runs_;
  Ranges unreadable_;
};

}  // namespace mapscope
