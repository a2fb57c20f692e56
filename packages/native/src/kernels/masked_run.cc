#include "masked_run.h"

#include <bit>

namespace mapscope {
namespace {

// Costs in the time that Knuth-Morris-Pratt takes for a byte (about 1 ns).
constexpr std::uint64_t kCandidateCost = 4;
constexpr std::uint64_t kBytesComparedPerCost = 16;
constexpr std::uint64_t kFreeCost = 64 << 10;

// When so many candidates were none, and more than one place in so many is such: other probes.
constexpr std::uint64_t kManyFalse = 64;
constexpr std::uint64_t kTooOften = 64;

bool is_hit(const MaskedRun& run, const Text& text, std::uint64_t place) noexcept {
  const Octet* const at = text.begin + place;
  const std::uint64_t length = run.needle.byte_length;
  if (run.period != 0 && run.last_hit != MaskedRun::kNoHit) {
    // Of an occurrence that overlaps the last one by whole periods, only the rest is new. That
    // keeps zeros in zeros linear.
    const std::uint64_t distance = place - run.last_hit;
    if (distance < length && (distance == run.period || distance % run.period == 0))
      return mismatch(run.needle, at, length - distance) == length;
  }
  return is_match(run.needle, at, text.end);
}

void note_false(MaskedRun& run, const Text& text, std::uint64_t place) noexcept {
  const std::uint64_t differs = mismatch(run.needle, text.begin + place, 0);
  run.cost += kCandidateCost + differs / kBytesComparedPerCost;
  ++run.false_candidates;
  if (run.cost > kFreeCost + place) {
    run.halt = Halt::kDoesNotPay;
  } else if (run.false_candidates >= kManyFalse) {
    if (place - run.probed_from < run.false_candidates * kTooOften) {
      adopt_probe(run.probes, run.needle, differs, run.adopted++);
      run.halt = Halt::kReprobed;
    }
    run.false_candidates = 0;
    run.probed_from = place;
  }
}

}  // namespace

MaskedRun::MaskedRun(const MaskedBytes& bytes, std::uint64_t known_period, const MatchRules& rules,
                     const Probes& first_probes, const Text& text)
    : needle(bytes),
      period(known_period),
      probes(first_probes),
      alignment(rules, text.offset),
      is_overlapping(rules.is_overlapping),
      is_plain(probes.is_exact && is_overlapping),
      last_hit(kNoHit) {}

std::uint64_t take_candidates(MaskedRun& run, const Text& text, std::uint64_t base,
                              std::uint64_t candidates, Hits& hits) noexcept {
  for (std::uint64_t left = run.alignment.only(base, candidates); left != 0; left &= left - 1) {
    const std::uint64_t place = base + static_cast<std::uint64_t>(std::countr_zero(left));
    if (place < run.next_place) continue;
    if (!run.probes.is_exact && !is_hit(run, text, place)) {
      note_false(run, text, place);
      if (run.halt != Halt::kNone) return place + 1;
      continue;
    }
    if (hits.is_full()) {
      run.halt = Halt::kFull;
      return place;
    }
    hits.add(place, 0);
    run.last_hit = place;
    if (!run.is_overlapping) run.next_place = place + run.needle.byte_length;
  }
  return base + 64;
}

std::uint64_t candidates_one_by_one(const MaskedRun& run, const Text& text, std::uint64_t base,
                                    std::uint64_t end) noexcept {
  std::uint64_t candidates = 0;
  for (std::uint64_t place = base; place < end; ++place) {
    bool is_one = true;
    for (std::uint32_t i = 0; i < run.probes.count; ++i) {
      const Probe& probe = run.probes.items[i];
      is_one = is_one && (text.begin[place + probe.offset] & probe.mask) == probe.value;
    }
    candidates |= std::uint64_t{is_one} << (place - base);
  }
  return candidates;
}

}  // namespace mapscope
