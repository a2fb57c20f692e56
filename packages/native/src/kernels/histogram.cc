#include "histogram.h"

#include <algorithm>
#include <bit>
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

// Of a positive integer. Not the C library's, whose log2 was versioned anew in glibc 2.29: the
// addon would not load where Node does. n = m * 2^e with m around 1, and log2(m) by the series of
// atanh, which is exact to the last bit or two after ten terms.
double log2_of(std::uint64_t n) noexcept {
  constexpr double kTwoOverLn2 = 2.8853900817779268147;
  constexpr double kSqrt2 = 1.4142135623730950488;
  int exponent = static_cast<int>(std::bit_width(n)) - 1;
  double m = static_cast<double>(n) / static_cast<double>(std::uint64_t{1} << exponent);
  if (m > kSqrt2) {
    m /= 2;
    ++exponent;
  }
  const double z = (m - 1) / (m + 1);
  double series = 0;
  for (int odd = 21; odd > 0; odd -= 2) series = series * z * z + 1.0 / odd;
  return exponent + kTwoOverLn2 * z * series;
}

std::uint32_t sum_of(const ByteCounts& counts, std::size_t first, std::size_t last) noexcept {
  std::uint64_t sum = 0;
  for (std::size_t value = first; value <= last; ++value) sum += counts[value];
  return static_cast<std::uint32_t>(sum);
}

std::array<std::uint32_t, kByteKinds> kinds_of(const ByteCounts& counts) noexcept {
  const std::uint32_t text =
      sum_of(counts, 0x20, 0x7e) + sum_of(counts, '\t', '\n') + sum_of(counts, '\r', '\r');
  const std::uint32_t control = sum_of(counts, 0x01, 0x7f) - text;
  return {sum_of(counts, 0, 0), text, control, sum_of(counts, 0x80, 0xfe),
          sum_of(counts, 0xff, 0xff)};
}

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
  for (std::size_t n = 1; n < kSize; ++n) values_[n] = static_cast<double>(n) * log2_of(n);
}

const EntropyTable& EntropyTable::instance() {
  static const EntropyTable table;
  return table;
}

double EntropyTable::n_log_n(std::uint64_t n) const noexcept {
  if (n < kSize) return values_[static_cast<std::size_t>(n)];
  return static_cast<double>(n) * log2_of(n);
}

BlockStats block_stats(const ByteCounts& counts, const EntropyTable& table) noexcept {
  BlockStats stats{std::numeric_limits<float>::quiet_NaN(), kinds_of(counts), 255, 0};
  std::uint64_t total = 0;
  for (const std::uint32_t kind : stats.kinds) total += kind;
  if (total == 0) return stats;
  double sum = 0;
  for (const std::uint64_t count : counts) sum += table.n_log_n(count);
  const double length = static_cast<double>(total);
  stats.entropy = static_cast<float>(std::max(0.0, (table.n_log_n(total) - sum) / length));
  std::size_t least = 0;
  while (counts[least] == 0) ++least;
  std::size_t most = 255;
  while (counts[most] == 0) --most;
  stats.least = static_cast<std::uint8_t>(least);
  stats.most = static_cast<std::uint8_t>(most);
  return stats;
}

}  // namespace mapscope
