// How often each byte value occurs, and what follows from that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mapscope {

using ByteCounts = std::array<std::uint64_t, 256>;

// Adds the bytes' counts. Four tables, so that equal neighbours do not wait for each other's store
// (one table halves the speed on real data; eight bring nothing more), and stretches of one value
// are counted without any. One store for each byte is the wall: about 3.6 GB/s a core.
void add_counts(const std::byte* bytes, std::uint64_t length, ByteCounts& counts) noexcept;

// Every value belongs to exactly one: zero; text (0x20 to 0x7E, TAB, LF, CR); control; high (0x80
// to 0xFE); 0xFF. In the order of lib/binding.ts.
constexpr std::size_t kByteKinds = 5;

// What is told of a block. Of one without a byte: entropy NaN, least 255, most 0.
struct BlockStats {
  float entropy;  // bits per byte: 0 to 8
  std::array<std::uint32_t, kByteKinds> kinds;
  std::uint8_t least;
  std::uint8_t most;
};

// n * log2(n) from a table for small n, which is three times as fast for blocks of 4 KiB.
class EntropyTable {
 public:
  static const EntropyTable& instance();  // builds it when it is first asked for

  double n_log_n(std::uint64_t n) const noexcept;

 private:
  EntropyTable();
  static constexpr std::size_t kSize = 4097;
  std::array<double, kSize> values_;
};

BlockStats block_stats(const ByteCounts& counts, const EntropyTable& table) noexcept;

}  // namespace mapscope
