#include "probes.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace mapscope {
namespace {

constexpr std::uint64_t kSamples = 64;
constexpr std::uint64_t kSampleBytes = 64;
// Probes far from a candidate's start cost the cache a second stream, so only adopted ones are.
constexpr std::uint64_t kFarthest = 256;

// One byte in so many.
constexpr std::uint64_t kRareEnough = 64;

struct Frequencies {
  std::uint32_t of[256] = {};
};

void add_guess(Frequencies& frequencies) noexcept {
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    const bool is_letter = byte == ' ' || (byte >= 'a' && byte <= 'z');
    frequencies.of[byte] += byte == 0 ? 16 : byte == 0xff ? 8 : is_letter ? 4 : byte < 0x80 ? 2 : 1;
  }
}

void add_sample(Frequencies& frequencies, const Text& text) noexcept {
  const std::uint64_t byte_length = text.byte_length();
  const std::uint64_t stride = std::max(byte_length / kSamples, kSampleBytes);
  for (std::uint64_t start = 0; start < byte_length; start += stride) {
    const std::uint64_t end = std::min(start + kSampleBytes, byte_length);
    // A sample says much more than the guess, which only decides between what was not seen.
    for (std::uint64_t i = start; i < end; ++i) frequencies.of[text.begin[i]] += 32;
  }
}

std::uint64_t frequency_of(const Frequencies& frequencies, Octet value, Octet mask) noexcept {
  if (mask == 0xff) return frequencies.of[value];
  std::uint64_t sum = 0;
  for (std::uint32_t byte = 0; byte < 256; ++byte)
    if ((byte & mask) == value) sum += frequencies.of[byte];
  return sum;
}

bool does_count(const MaskedBytes& needle, std::uint64_t i) noexcept {
  return needle.mask_at(i) != 0 || needle.values[i] != 0;
}

std::uint32_t counting_bytes(const MaskedBytes& needle) noexcept {
  std::uint32_t counting = 0;
  for (std::uint64_t i = 0; i < needle.byte_length && counting <= Probes::kMost; ++i)
    counting += does_count(needle, i) ? 1 : 0;
  return counting;
}

Probe probe_at(const MaskedBytes& needle, std::uint64_t i) noexcept {
  return Probe{i, needle.values[i], needle.mask_at(i)};
}

std::uint64_t total_of(const Frequencies& frequencies) noexcept {
  return std::accumulate(std::begin(frequencies.of), std::end(frequencies.of), std::uint64_t{0});
}

// The rarest of the near places; of a needle with few bytes that count any of them, however far.
Probes rarest(const MaskedBytes& needle, const Frequencies& frequencies) noexcept {
  Probes probes{{}, 0, counting_bytes(needle)};
  std::uint64_t rarities[Probes::kMost] = {};
  for (std::uint64_t i = 0; i < needle.byte_length; ++i) {
    if (i >= kFarthest && !probes.can_be_exact() && probes.count == Probes::kMost) break;
    if (!does_count(needle, i)) continue;
    const Probe probe = probe_at(needle, i);
    const std::uint64_t frequency = frequency_of(frequencies, probe.value, probe.mask);
    std::uint32_t rank = probes.count;
    while (rank > 0 && frequency < rarities[rank - 1]) --rank;
    if (rank == Probes::kMost) continue;
    probes.count = std::min(probes.count + 1, Probes::kMost);
    for (std::uint32_t moved = probes.count - 1; moved > rank; --moved) {
      probes.items[moved] = probes.items[moved - 1];
      rarities[moved] = rarities[moved - 1];
    }
    probes.items[rank] = probe;
    rarities[rank] = frequency;
  }
  // Two are quicker to look for, and tell enough when both are rare; more are adopted when not.
  const bool are_two_enough = rarities[1] * kRareEnough < total_of(frequencies);
  probes.count = std::min(probes.count, are_two_enough ? 2U : 3U);
  // Nothing counts: every place is a match.
  if (probes.count == 0) probes.items[probes.count++] = probe_at(needle, 0);
  return probes;
}

}  // namespace

Probes guessed_probes(const MaskedBytes& needle) noexcept {
  Frequencies frequencies;
  add_guess(frequencies);
  return rarest(needle, frequencies);
}

Probes sampled_probes(const MaskedBytes& needle, const Text& text) noexcept {
  Frequencies frequencies;
  add_guess(frequencies);
  add_sample(frequencies, text);
  return rarest(needle, frequencies);
}

bool adopt_probe(Probes& probes, const MaskedBytes& needle, std::uint64_t offset,
                 std::uint32_t in_place_of) noexcept {
  for (std::uint32_t i = 0; i < probes.count; ++i)
    if (probes.items[i].offset == offset) return false;
  const std::uint32_t at =
      probes.count < Probes::kMost ? probes.count++ : in_place_of % Probes::kMost;
  probes.items[at] = probe_at(needle, offset);
  return true;
}

bool complete_probes(Probes& probes, const MaskedBytes& needle) noexcept {
  if (!probes.can_be_exact()) return false;
  for (std::uint64_t i = 0; i < needle.byte_length && !probes.is_exact(); ++i)
    if (does_count(needle, i)) adopt_probe(probes, needle, i, 0);
  return true;
}

}  // namespace mapscope
