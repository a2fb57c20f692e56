#include "masked_run.h"

#include <algorithm>
#include <bit>

namespace mapscope {
namespace {

// Costs in the time that Knuth-Morris-Pratt takes for a byte (about 1 ns).
constexpr std::uint64_t kCandidateCost = 4;
constexpr std::uint64_t kBytesComparedPerCost = 16;
constexpr std::uint64_t kFreeCost = 256 << 10;

// When so many candidates were none, and more than one place in so many is such: one more probe,
// which costs less than their jumps; or, where there are as many as can be, another one.
constexpr std::uint64_t kManyFalse = 64;
constexpr std::uint64_t kOftenForMore = 1024;
constexpr std::uint64_t kOftenForOthers = 64;
// Or when one candidate took so many bytes to be told from a match.
constexpr std::uint64_t kFarCompared = 256;

// A hit as long as this leaves so many places behind that it is worth to begin anew after it.
constexpr std::uint64_t kLeap = 1024;

std::uint64_t halted(MaskedRun& run, Halt halt, std::uint64_t place) noexcept {
  run.halt = halt;
  return place;
}

// Of 64 places from `base` on, those at `place` or behind it.
std::uint64_t from_place(std::uint64_t places, std::uint64_t base, std::uint64_t place) noexcept {
  if (place <= base) return places;
  return place - base < 64 ? places & ~std::uint64_t{0} << (place - base) : 0;
}

// From the end of a hit on, how many bytes go on repeating what is a period before them.
std::uint64_t repeated(const MaskedRun& run, const Text& text, std::uint64_t end,
                       std::uint64_t most) noexcept {
  const Octet* const at = text.begin + end;
  const Octet* const before = at - run.period;
  const std::uint64_t limit = std::min(text.byte_length() - end, most);
  std::uint64_t length = 0;
  while (length + 8 <= limit && load_64(at + length) == load_64(before + length)) length += 8;
  while (length < limit && at[length] == before[length]) ++length;
  return length;
}

// Overlapping hits of a needle in what repeats itself as it does (zeros in zeros), `place` being
// the first: one for each period, and none in between. To compare the needle with each would take
// time by its length. Returns the place to go on from.
std::uint64_t take_repeated(MaskedRun& run, const Text& text, std::uint64_t place,
                            Hits& hits) noexcept {
  const std::uint64_t room = hits.items == nullptr ? text.places : hits.capacity - hits.count;
  const std::uint64_t length =
      repeated(run, text, place + run.needle.byte_length, std::min(room, text.places) * run.period);
  const std::uint64_t last = std::min(place + length / run.period * run.period, text.places - 1);
  if (hits.items == nullptr && run.alignment.is_everywhere()) {
    hits.count += (last - place) / run.period;
    return last + 1;
  }
  for (std::uint64_t at = place + run.period; at <= last; at += run.period) {
    if (!run.alignment.has(at)) continue;
    if (hits.is_full()) {
      run.halt = Halt::kFull;
      return at;
    }
    hits.add(at, 0);
  }
  return last + 1;
}

// A candidate that was none. What told it from a match is a better place to look at than any that
// did not.
void note_false(MaskedRun& run, const Text& text, std::uint64_t place) noexcept {
  const std::uint64_t differs = mismatch(run.needle, text.begin + place, 0);
  run.cost += kCandidateCost + differs / kBytesComparedPerCost;
  ++run.false_candidates;
  const bool are_many = run.false_candidates >= kManyFalse;
  const std::uint64_t often = run.probes.count < Probes::kMost ? kOftenForMore : kOftenForOthers;
  const bool are_too_many = are_many && place - run.probed_from < run.false_candidates * often;
  const bool is_adopted = (are_too_many || differs >= kFarCompared) &&
                          adopt_probe(run.probes, run.needle, differs, run.adopted++);
  if (are_many || is_adopted) {
    run.false_candidates = 0;
    run.probed_from = place;
  }
  if (run.cost > kFreeCost + place) {
    run.halt = Halt::kDoesNotPay;
  } else if (is_adopted) {
    run.halt = Halt::kGoOn;
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
      is_repetitive(period != 0 && period <= needle.byte_length / 2) {}

std::uint64_t take_candidates(MaskedRun& run, const Text& text, std::uint64_t base,
                              std::uint64_t candidates, Hits& hits) noexcept {
  const std::uint64_t length = run.needle.byte_length;
  std::uint64_t left = from_place(run.alignment.only(base, candidates), base, run.next_place);
  while (left != 0) {
    const std::uint64_t place = base + static_cast<std::uint64_t>(std::countr_zero(left));
    left &= left - 1;
    if (!run.probes.is_exact() && !is_match(run.needle, text.begin + place, text.end)) {
      note_false(run, text, place);
      if (run.halt != Halt::kNone) return place + 1;
      continue;
    }
    if (hits.is_full()) {
      run.halt = Halt::kFull;
      return place;
    }
    hits.add(place, 0);
    if (!run.is_overlapping) {
      run.next_place = place + length;
      if (length >= kLeap) return halted(run, Halt::kGoOn, run.next_place);
    } else if (run.is_repetitive) {
      const std::uint64_t next = take_repeated(run, text, place, hits);
      if (run.halt == Halt::kNone && next > base + 64) run.halt = Halt::kGoOn;
      if (run.halt != Halt::kNone) return next;
      run.next_place = next;
    } else if (run.period == 0) {
      // Of a needle with a period the next one is far enough.
      run.cost += length / kBytesComparedPerCost;
      if (run.cost > kFreeCost + place) return halted(run, Halt::kDoesNotPay, place + 1);
    }
    left = from_place(left, base, run.next_place);
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
