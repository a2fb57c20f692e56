// The loop of a tier that looks for candidates. Included once by each tier's file, behind the
// target it is compiled for and a `Lanes` of that target: no name in here is seen by another file.

namespace mapscope {
namespace {

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

inline std::uint64_t take_any(MaskedRun& run, const Text& text, std::uint64_t base,
                              std::uint64_t candidates, Hits& hits) {
  return run.is_plain ? take_plain(run.alignment, base, candidates, hits, run.halt)
                      : take_candidates(run, text, base, candidates, hits);
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

// Where hits are so many that a jump for each of them would be mispredicted: no jumps. Only whole
// blocks, as long as their hits surely fit. Returns where it stopped.
template <bool kIsMasked>
std::uint64_t scan_dense(MaskedRun& run, const Text& text, std::uint64_t base, Hits& hits) {
  constexpr std::uint64_t kUnjumped = 4;
  const LoadedProbes<1> probes(run.probes);
  std::uint64_t count = hits.count;
  for (; base + 64 + run.needle.byte_length <= text.places; base += 64) {
    std::uint64_t places =
        run.alignment.only(base, block_candidates<1, kIsMasked>(probes, text.begin + base));
    const std::uint64_t found = Lanes::count(places);
    if (hits.items != nullptr) {
      if (hits.capacity - count < 64) break;
      std::uint64_t* const items = hits.items + count;
      for (std::uint64_t i = 0; i < kUnjumped; ++i) {
        // Of none left, some place: it is written over, or never looked at.
        items[i] = (base + Lanes::lowest(places | std::uint64_t{1} << 63)) << 32;
        places &= places - 1;
      }
      for (std::uint64_t i = kUnjumped; i < found; ++i, places &= places - 1)
        items[i] = (base + Lanes::lowest(places)) << 32;
    }
    count += found;
  }
  hits.count = count;
  return base;
}

// Two blocks of 64 places at a time: one test and one jump where there is nothing.
template <std::uint32_t kProbes, bool kIsMasked>
std::uint64_t scan_blocks(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) {
  const LoadedProbes<kProbes> probes(run.probes);
  std::uint64_t skipped = from % 64;  // places of the first block that are done
  std::uint64_t base = from - skipped;
  if (kProbes == 1 && run.is_plain && run.is_dense && skipped == 0)
    base = scan_dense<kIsMasked>(run, text, base, hits);
  for (; base + 128 <= text.places; base += 128, skipped = 0) {
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
  for (; base < text.places; base += 64, skipped = 0) {
    const std::uint64_t end = base + 64 < text.places ? base + 64 : text.places;
    const std::uint64_t candidates = candidates_one_by_one(run, text, base, end) & ~std::uint64_t{0}
                                                                                       << skipped;
    const std::uint64_t place = take_any(run, text, base, candidates, hits);
    if (run.halt != Halt::kNone) return place;
  }
  return text.places;
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
  return scan_with<3>(run, text, from, hits);
}

}  // namespace
}  // namespace mapscope
