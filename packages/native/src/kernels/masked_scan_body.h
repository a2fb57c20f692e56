// The loop of a tier that looks for candidates. Included once by each tier's file, behind the
// target it is compiled for and a `Lanes` of that target: no name in here is seen by another file.

namespace mapscope {
namespace {

// The processor's own look-ahead ends at each page. Asked for 1 to 4 KiB before its turn, memory
// gives a sixth more. (512 bytes: nothing.)
constexpr std::uint64_t kAhead = 2048;

constexpr std::uint64_t kStrip = 16 << 10;
// Where hits are more than one in so many places, the jumps that they cost are mispredicted.
constexpr std::uint64_t kPlacesPerDenseHit = 2048;
// And where more than one in so many, a block has several.
constexpr std::uint64_t kPlacesPerCrowdedHit = 128;

// Hits of two blocks, and what is written behind the last one.
constexpr std::uint64_t kMostAtOnce = 128 + 4;

// Whole pairs of blocks of 64 places.
struct Strip {
  std::uint64_t begin;
  std::uint64_t end;
};

// Asking is no access: past the text's end it does nothing.
inline void ask_ahead(const Octet* at) {
  Lanes::ask_for(at + kAhead);
  Lanes::ask_for(at + kAhead + 64);
}

template <std::uint32_t kProbes>
struct LoadedProbes {
  explicit LoadedProbes(const Probes& probes) {
    for (std::uint32_t i = 0; i < kProbes; ++i) {
      values[i] = Lanes::broadcast(probes.items[i].value);
      masks[i] = Lanes::broadcast(probes.items[i].mask);
      offsets[i] = probes.items[i].offset;
    }
  }

  Lanes::Vector values[kProbes];
  Lanes::Vector masks[kProbes];
  std::uint64_t offsets[kProbes];
};

template <std::uint32_t kProbes, bool kIsMasked>
inline Lanes::Vector candidates_at(const LoadedProbes<kProbes>& probes, const Octet* at) {
  Lanes::Vector all{};
  for (std::uint32_t i = 0; i < kProbes; ++i) {
    Lanes::Vector bytes = Lanes::load(at + probes.offsets[i]);
    if constexpr (kIsMasked) bytes = Lanes::both(bytes, probes.masks[i]);
    const Lanes::Vector same = Lanes::equal(bytes, probes.values[i]);
    all = i == 0 ? same : Lanes::both(all, same);
  }
  return all;
}

// A mask of 64 places.
template <std::uint32_t kProbes, bool kIsMasked>
inline std::uint64_t block_candidates(const LoadedProbes<kProbes>& probes, const Octet* at) {
  std::uint64_t candidates = 0;
  for (std::uint64_t i = 0; i < 64; i += Lanes::kWidth)
    candidates |= Lanes::bits(candidates_at<kProbes, kIsMasked>(probes, at + i)) << i;
  return candidates;
}

template <std::uint32_t kProbes, bool kIsMasked>
inline bool has_candidates(const LoadedProbes<kProbes>& probes, const Octet* at) {
  Lanes::Vector any = candidates_at<kProbes, kIsMasked>(probes, at);
  for (std::uint64_t i = Lanes::kWidth; i < 128; i += Lanes::kWidth)
    any = Lanes::either(any, candidates_at<kProbes, kIsMasked>(probes, at + i));
  return Lanes::is_any(any);
}

// Writes hits that surely fit, and some places more behind them. Returns how many hits there are.
template <std::uint64_t kUnjumped>
std::uint64_t write_hits(std::uint64_t* items, std::uint64_t base, std::uint64_t places) {
  const std::uint64_t found = Lanes::count(places);
  const std::uint64_t* const end = items + found;
  do {
    // Of none left, some place: it is written over, or never looked at.
    for (std::uint64_t i = 0; i < kUnjumped; ++i, places &= places - 1)
      *items++ = (base + Lanes::lowest(places | std::uint64_t{1} << 63)) << 32;
  } while (items < end);
  return found;
}

// Of the hits from `from` on, leaves out those that overlap the one before.
inline void part_hits(MaskedRun& run, std::uint64_t from, Hits& hits) {
  std::uint64_t* const items = hits.items;
  const std::uint64_t byte_length = run.needle.byte_length;
  std::uint64_t next_place = run.next_place;
  std::uint64_t kept = from;
  for (std::uint64_t i = from; i < hits.count; ++i) {
    const std::uint64_t place = place_of(items[i]);
    const bool is_hit = place >= next_place;
    items[kept] = items[i];
    kept += is_hit ? 1 : 0;
    next_place = is_hit ? place + byte_length : next_place;
  }
  run.next_place = next_place;
  hits.count = kept;
}

// Where exact hits are so many that a jump for each of them would be mispredicted: no jumps.
// Returns where it stopped.
template <std::uint32_t kProbes, bool kIsMasked, std::uint64_t kUnjumped>
std::uint64_t scan_dense(MaskedRun& run, const LoadedProbes<kProbes>& probes, const Text& text,
                         Strip strip, Hits& hits) {
  // Copies: stores to the hits cannot change them, as far as the compiler knows.
  const Alignment alignment = run.alignment;
  const Octet* const begin = text.begin;
  std::uint64_t* const items = hits.items;
  std::uint64_t count = hits.count;
  std::uint64_t base = strip.begin;
  for (; base < strip.end && count + kMostAtOnce <= hits.capacity; base += 128) {
    ask_ahead(begin + base);
    for (std::uint64_t block = base; block < base + 128; block += 64) {
      const std::uint64_t places =
          alignment.only(block, block_candidates<kProbes, kIsMasked>(probes, begin + block));
      count += items == nullptr ? Lanes::count(places)
                                : write_hits<kUnjumped>(items + count, block, places);
    }
  }
  const std::uint64_t before = hits.count;
  hits.count = count;
  if (!run.is_overlapping) part_hits(run, before, hits);
  return base;
}

inline std::uint64_t take_any(MaskedRun& run, const Text& text, std::uint64_t base,
                              std::uint64_t candidates, Hits& hits) {
  return run.is_plain() ? take_plain(run.alignment, base, candidates, hits, run.halt)
                        : take_candidates(run, text, base, candidates, hits);
}

// Two blocks of 64 places at a time: one test and one jump where there is nothing. `skipped`: how
// many places of the first are done.
template <std::uint32_t kProbes, bool kIsMasked>
std::uint64_t scan_sparse(MaskedRun& run, const LoadedProbes<kProbes>& probes, const Text& text,
                          Strip strip, std::uint64_t skipped, Hits& hits) {
  for (std::uint64_t base = strip.begin; base < strip.end; base += 128, skipped = 0) {
    ask_ahead(text.begin + base);
    if (!has_candidates<kProbes, kIsMasked>(probes, text.begin + base)) continue;
    for (std::uint64_t block = base; block < base + 128; block += 64, skipped = 0) {
      const std::uint64_t candidates =
          block_candidates<kProbes, kIsMasked>(probes, text.begin + block) & ~std::uint64_t{0}
                                                                                 << skipped;
      if (candidates == 0) continue;
      const std::uint64_t place = take_any(run, text, block, candidates, hits);
      if (run.halt != Halt::kNone) return place;
    }
  }
  return strip.end;
}

// The last places, of which there are too few to be looked at together.
inline std::uint64_t scan_rest(MaskedRun& run, const Text& text, std::uint64_t base,
                               std::uint64_t skipped, Hits& hits) {
  for (; base < text.places; base += 64, skipped = 0) {
    const std::uint64_t end = base + 64 < text.places ? base + 64 : text.places;
    const std::uint64_t candidates = candidates_one_by_one(run, text, base, end) & ~std::uint64_t{0}
                                                                                       << skipped;
    const std::uint64_t place = take_any(run, text, base, candidates, hits);
    if (run.halt != Halt::kNone) return place;
  }
  return text.places;
}

inline Density density_of(std::uint64_t hits, std::uint64_t places) {
  if (hits > places / kPlacesPerCrowdedHit) return Density::kCrowded;
  return hits > places / kPlacesPerDenseHit ? Density::kDense : Density::kSparse;
}

// Strip by strip, each in the way that would have suited the one before.
template <std::uint32_t kProbes, bool kIsMasked>
std::uint64_t scan_blocks(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) {
  const LoadedProbes<kProbes> probes(run.probes);
  const bool is_exact = run.probes.is_exact();
  // Hits that only count may overlap, or nobody would know how the next window begins.
  const bool can_be_dense = is_exact && (run.is_overlapping || hits.items != nullptr);
  std::uint64_t skipped = from % 64;
  Strip strip{from - skipped, 0};
  while (strip.begin + 128 <= text.places) {
    const std::uint64_t left = (text.places - strip.begin) & ~std::uint64_t{127};
    strip.end = strip.begin + (left < kStrip ? left : kStrip);
    const std::uint64_t before = hits.count;
    const std::uint64_t length = strip.end - strip.begin;
    if (can_be_dense && run.density != Density::kSparse && skipped == 0) {
      const auto scan = run.density == Density::kDense ? scan_dense<kProbes, kIsMasked, 1>
                                                       : scan_dense<kProbes, kIsMasked, 4>;
      strip.begin = scan(run, probes, text, strip, hits);
    }
    strip.begin = scan_sparse<kProbes, kIsMasked>(run, probes, text, strip, skipped, hits);
    if (run.halt != Halt::kNone) return strip.begin;
    run.density = density_of(hits.count - before, length);
    skipped = 0;
    if (run.density != Density::kSparse && !is_exact && complete_probes(run.probes, run.needle)) {
      run.halt = Halt::kGoOn;
      return strip.begin;
    }
  }
  return scan_rest(run, text, strip.begin, skipped, hits);
}

template <std::uint32_t kProbes>
std::uint64_t scan_with(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) {
  bool is_masked = false;
  for (std::uint32_t i = 0; i < kProbes; ++i)
    is_masked = is_masked || run.probes.items[i].mask != 0xff;
  return is_masked ? scan_blocks<kProbes, true>(run, text, from, hits)
                   : scan_blocks<kProbes, false>(run, text, from, hits);
}

std::uint64_t scan_masked(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) {
  if (run.probes.count == 1) return scan_with<1>(run, text, from, hits);
  if (run.probes.count == 2) return scan_with<2>(run, text, from, hits);
  if (run.probes.count == 3) return scan_with<3>(run, text, from, hits);
  return scan_with<4>(run, text, from, hits);
}

}  // namespace
}  // namespace mapscope
