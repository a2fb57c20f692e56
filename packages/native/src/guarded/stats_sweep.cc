#include "stats_sweep.h"

#include <algorithm>

namespace mapscope {

StatsSweeper::StatsSweeper(std::uint64_t block_byte_length)
    : block_byte_length_(block_byte_length),
      kept_{{}, {}, block_byte_length},
      looked_(kept_),
      found_(static_cast<std::size_t>(Sweep::kWindow / block_byte_length + 2)) {}

std::uint64_t StatsSweeper::look(const std::byte* bytes, Range window, bool) noexcept {
  looked_ = kept_;
  found_count_ = 0;
  const std::uint64_t length = window.byte_length();
  for (std::uint64_t at = 0; at < length;) {
    const std::uint64_t piece = std::min(looked_.block_left, length - at);
    add_counts(bytes + at, piece, looked_.block);
    at += piece;
    if (advance(looked_, piece)) found_[found_count_++] = take_block(looked_);
  }
  return length;
}

void StatsSweeper::keep() {
  kept_ = looked_;
  blocks_.insert(blocks_.end(), found_.begin(),
                 found_.begin() + static_cast<std::ptrdiff_t>(found_count_));
}

void StatsSweeper::skip(Range gap) {
  for (std::uint64_t left = gap.byte_length(); left > 0;) {
    const std::uint64_t piece = std::min(kept_.block_left, left);
    left -= piece;
    if (advance(kept_, piece)) blocks_.push_back(take_block(kept_));
  }
}

void StatsSweeper::finish() {
  if (kept_.block_left < block_byte_length_) blocks_.push_back(take_block(kept_));
}

bool StatsSweeper::advance(Counts& counts, std::uint64_t byte_length) const noexcept {
  counts.block_left -= byte_length;
  return counts.block_left == 0;
}

BlockStats StatsSweeper::take_block(Counts& counts) const noexcept {
  const BlockStats stats = block_stats(counts.block, table_);
  for (std::size_t value = 0; value < 256; ++value) counts.total[value] += counts.block[value];
  counts.block.fill(0);
  counts.block_left = block_byte_length_;
  return stats;
}

}  // namespace mapscope
