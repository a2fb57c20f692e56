#include "nibble_buckets.h"

#include <array>
#include <string_view>
#include <utility>

namespace mapscope {
namespace {

// Farther in a needle nothing is looked for: windows there would make texts overlap more.
constexpr std::uint64_t kFarthest = 256;
// Files hold more runs of one byte than that byte's share lets expect.
constexpr double kUniformPenalty = 64;

// How common a byte is in files, roughly. Programs are full of names, so letters count by how often
// words have them: with all letters alike, a place in 190 of machine code was worth a look, not
// one in 1,800.
constexpr double weight_of(std::uint32_t byte) {
  if (byte == 0) return 32;
  if (byte == 0xff || byte == ' ') return 8;
  if (byte < 'a' || byte > 'z') return 2;
  const auto is_in = [byte](std::string_view letters) {
    return letters.find(static_cast<char>(byte)) != std::string_view::npos;
  };
  return is_in("etaoinsrlc") ? 12 : is_in("jqxz") ? 2 : 6;
}

constexpr std::array<double, 256> kWeights = [] {
  std::array<double, 256> weights{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) weights[byte] = weight_of(byte);
  return weights;
}();

bool has(std::uint16_t set, std::uint32_t nibble) { return (set >> nibble & 1) != 0; }

// How common places that look like one of these are.
double commonness(const NibbleSets& sets) {
  double product = 1;
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    double sum = 0;
    for (std::uint32_t byte = 0; byte < 256; ++byte)
      if (has(sets.low[i], byte & 15) && has(sets.high[i], byte >> 4)) sum += kWeights[byte];
    product *= sum;
  }
  return product;
}

NibbleSets together(NibbleSets sets, const NibbleSets& others) {
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    sets.low[i] |= others.low[i];
    sets.high[i] |= others.high[i];
  }
  return sets;
}

bool accepts(const MaskedBytes& needle, std::uint64_t i, Octet byte) {
  return i >= needle.byte_length || needle.accepts(i, byte);
}

double weight_at(const MaskedBytes& needle, std::uint64_t i) {
  if (i < needle.byte_length && needle.is_solid(i)) return kWeights[needle.values[i]];
  double sum = 0;
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    if (accepts(needle, i, static_cast<Octet>(byte))) sum += kWeights[byte];
  return sum;
}

bool is_uniform(const MaskedBytes& needle, std::uint64_t offset) {
  for (std::uint64_t i = offset; i < offset + kNibbleBytes; ++i)
    if (!accepts(needle, i, needle.values[offset])) return false;
  return true;
}

struct Bucket {
  NibbleSets sets;
  double commonness;
  std::vector<std::uint32_t> numbers;
};

// Merges, again and again, the two buckets that lose least by it.
class Merging {
 public:
  explicit Merging(std::span<const NibbleSets> sets) {
    for (std::uint32_t number = 0; number < sets.size(); ++number)
      buckets_.push_back({sets[number], commonness(sets[number]), {number}});
    losses_.resize(buckets_.size(), std::vector<double>(buckets_.size()));
    for (std::size_t i = 0; i < buckets_.size(); ++i) weigh(i, i + 1);
  }

  void merge_to(std::size_t most) {
    while (buckets_.size() > most) {
      const auto [first, second] = cheapest();
      merge(first, second);
    }
  }

  std::vector<std::vector<std::uint32_t>> numbers() && {
    std::vector<std::vector<std::uint32_t>> all;
    for (Bucket& bucket : buckets_) all.push_back(std::move(bucket.numbers));
    return all;
  }

 private:
  double& loss(std::size_t i, std::size_t j) { return i < j ? losses_[i][j] : losses_[j][i]; }

  void weigh(std::size_t one, std::size_t from) {
    for (std::size_t other = from; other < buckets_.size(); ++other) {
      if (other == one) continue;
      const Bucket& a = buckets_[one];
      const Bucket& b = buckets_[other];
      loss(one, other) = commonness(together(a.sets, b.sets)) - a.commonness - b.commonness;
    }
  }

  std::pair<std::size_t, std::size_t> cheapest() const {
    std::pair<std::size_t, std::size_t> best{0, 1};
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      for (std::size_t j = i + 1; j < buckets_.size(); ++j)
        if (losses_[i][j] < losses_[best.first][best.second]) best = {i, j};
    return best;
  }

  // The last bucket takes the place of the one that goes.
  void merge(std::size_t stays, std::size_t goes) {
    Bucket& merged = buckets_[stays];
    const Bucket& other = buckets_[goes];
    merged.sets = together(merged.sets, other.sets);
    merged.commonness = commonness(merged.sets);
    merged.numbers.insert(merged.numbers.end(), other.numbers.begin(), other.numbers.end());
    const std::size_t last = buckets_.size() - 1;
    for (std::size_t i = 0; i < last; ++i)
      if (i != goes) loss(i, goes) = loss(i, last);
    if (goes != last) buckets_[goes] = std::move(buckets_[last]);
    buckets_.pop_back();
    weigh(stays, 0);
  }

  std::vector<Bucket> buckets_;
  std::vector<std::vector<double>> losses_;  // [i][j] for i < j
};

}  // namespace

NibbleSets nibble_sets(const MaskedBytes& needle, std::uint64_t offset) {
  NibbleSets sets;
  for (std::size_t i = 0; i < kNibbleBytes; ++i) {
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
      if (!accepts(needle, offset + i, static_cast<Octet>(byte))) continue;
      sets.low[i] = static_cast<std::uint16_t>(sets.low[i] | 1U << (byte & 15));
      sets.high[i] = static_cast<std::uint16_t>(sets.high[i] | 1U << (byte >> 4));
    }
  }
  return sets;
}

std::uint64_t rarest_nibbles(const MaskedBytes& needle) {
  std::uint64_t best = 0;
  double least = 0;
  for (std::uint64_t offset = 0; offset < needle.byte_length && offset < kFarthest; ++offset) {
    double common = is_uniform(needle, offset) ? kUniformPenalty : 1;
    for (std::uint64_t i = 0; i < kNibbleBytes; ++i) common *= weight_at(needle, offset + i);
    if (offset > 0 && common >= least) continue;
    least = common;
    best = offset;
  }
  return best;
}

std::vector<std::vector<std::uint32_t>> nibble_buckets(std::span<const NibbleSets> sets,
                                                       std::size_t most) {
  Merging merging(sets);
  merging.merge_to(most);
  return std::move(merging).numbers();
}

}  // namespace mapscope
