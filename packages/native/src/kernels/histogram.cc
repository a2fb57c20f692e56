#include "histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace mapscope {
namespace {

constexpr std::size_t kTables = 4;
using Tables = std::uint32_t[kTables][256];

// Below this, setting up the tables costs more than they save.
constexpr std::uint64_t kFewBytes = 1024;
// No table may overflow.
constexpr std::uint64_t kMostAtOnce = std::uint64_t{1} << 30;

std::uint64_t load(const std::byte* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

void count_word(std::uint64_t word, Tables& tables) noexcept {
  for (unsigned i = 0; i < 8; ++i) ++tables[i % kTables][word >> 8 * i & 0xff];
}

void count_plainly(const std::byte* bytes, std::uint64_t length, std::uint64_t* counts) noexcept {
  for (std::uint64_t i = 0; i < length; ++i) ++counts[std::to_integer<unsigned>(bytes[i])];
}

// How many of the bytes, in steps of 64, are the first one's value.
std::uint64_t constant_length(const std::byte* bytes, std::uint64_t length) noexcept {
  const std::uint64_t word = load(bytes);
  if (word != std::rotl(word, 8)) return 0;
  std::uint64_t same = 0;
  while (length - same >= 64) {
    std::uint64_t different = 0;
    for (unsigned i = 0; i < 8; ++i) different |= load(bytes + same + 8 * i) ^ word;
    if (different != 0) break;
    same += 64;
  }
  return same;
}

void count_by_tables(const std::byte* bytes, std::uint64_t length, ByteCounts& counts) noexcept {
  Tables tables = {};
  std::uint64_t at = 0;
  while (length - at >= 64) {
    const std::uint64_t same = constant_length(bytes + at, length - at);
    if (same > 0) {
      counts[std::to_integer<unsigned>(bytes[at])] += same;
      at += same;
      continue;
    }
    for (unsigned i = 0; i < 8; ++i) count_word(load(bytes + at + 8 * i), tables);
    at += 64;
  }
  for (std::size_t value = 0; value < 256; ++value) {
    counts[value] +=
        std::uint64_t{tables[0][value]} + tables[1][value] + tables[2][value] + tables[3][value];
  }
  count_plainly(bytes + at, length - at, counts.data());
}

ByteKind kind_of(std::size_t value) noexcept {
  if (value == 0) return ByteKind::kZero;
  if (value == 0xff) return ByteKind::kFull;
  if (value >= 0x80) return ByteKind::kHigh;
  const bool is_text =
      (value >= 0x20 && value <= 0x7e) || value == '\t' || value == '\n' || value == '\r';
  return is_text ? ByteKind::kText : ByteKind::kControl;
}

std::array<std::uint8_t, 256> kinds_of_values() noexcept {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t value = 0; value < 256; ++value)
    kinds[value] = static_cast<std::uint8_t>(kind_of(value));
  return kinds;
}

const std::array<std::uint8_t, 256> kKinds = kinds_of_values();

}  // namespace

void add_counts(const std::byte* bytes, std::uint64_t length, ByteCounts& counts) noexcept {
  while (length > 0) {
    const std::uint64_t piece = std::min(length, kMostAtOnce);
    if (piece < kFewBytes) {
      count_plainly(bytes, piece, counts.data());
    } else {
      count_by_tables(bytes, piece, counts);
    }
    bytes += piece;
    length -= piece;
  }
}

EntropyTable::EntropyTable() {
  values_[0] = 0;
  for (std::size_t n = 1; n < kSize; ++n)
    values_[n] = static_cast<double>(n) * std::log2(static_cast<double>(n));
}

const EntropyTable& EntropyTable::instance() {
  static const EntropyTable table;
  return table;
}

double EntropyTable::n_log_n(std::uint64_t n) const noexcept {
  if (n < kSize) return values_[static_cast<std::size_t>(n)];
  return static_cast<double>(n) * std::log2(static_cast<double>(n));
}

BlockStats block_stats(const ByteCounts& counts, const EntropyTable& table) noexcept {
  BlockStats stats{std::numeric_limits<float>::quiet_NaN(), {}, 255, 0};
  std::uint64_t total = 0;
  double sum = 0;
  for (std::size_t value = 0; value < 256; ++value) {
    const std::uint64_t count = counts[value];
    if (count == 0) continue;
    total += count;
    sum += table.n_log_n(count);
    stats.kinds[kKinds[value]] += static_cast<std::uint32_t>(count);
    if (stats.least == 255) stats.least = static_cast<std::uint8_t>(value);
    stats.most = static_cast<std::uint8_t>(value);
  }
  if (total == 0) return stats;
  const double length = static_cast<double>(total);
  stats.entropy = static_cast<float>(std::max(0.0, (table.n_log_n(total) - sum) / length));
  return stats;
}

}  // namespace mapscope
