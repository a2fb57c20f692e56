// The statistics of each block of a stretch of a mapping, and the counts of all of it.
#pragma once

#include <cstdint>
#include <vector>

#include "../kernels/histogram.h"
#include "sweep.h"

namespace mapscope {

class StatsSweeper final : public Sweeper {
 public:
  explicit StatsSweeper(std::uint64_t block_byte_length);

  std::uint64_t look(const std::byte* bytes, Range window, bool is_last) noexcept override;
  void keep() override;
  void skip(Range gap) override;

  // Ends the last block, which may be shorter.
  void finish();

  const std::vector<BlockStats>& blocks() const { return blocks_; }
  const ByteCounts& total() const { return kept_.total; }

 private:
  // Plain: copied before each look.
  struct Counts {
    ByteCounts block;
    ByteCounts total;          // of the blocks that are done
    std::uint64_t block_left;  // bytes of the block that are still to come
  };
  // Goes on by so many bytes, which end a block or do not; true when they do.
  bool advance(Counts& counts, std::uint64_t byte_length) const noexcept;
  BlockStats take_block(Counts& counts) const noexcept;

  const EntropyTable& table_ = EntropyTable::instance();
  const std::uint64_t block_byte_length_;
  Counts kept_;
  Counts looked_;
  std::vector<BlockStats> found_;  // of one look, which may not allocate
  std::size_t found_count_ = 0;
  std::vector<BlockStats> blocks_;
};

}  // namespace mapscope
