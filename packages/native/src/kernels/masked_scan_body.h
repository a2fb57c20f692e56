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

// Two blocks of 64 places at a time: one test and one jump where there is nothing.
template <std::uint32_t kProbes, bool kIsMasked>
std::uint64_t scan_blocks(MaskedRun& run, const Text& text, std::uint64_t from, Hits& hits) {
  constexpr std::uint32_t kVectors = 64 / Lanes::kWidth;
  const LoadedProbes<kProbes> probes(run.probes);
  std::uint64_t skipped = from % 64;  // places of the first block that are done
  std::uint64_t base = from - skipped;
  for (; base + 128 <= text.places; base += 128) {
    Lanes::Vector found[2 * kVectors];
    Lanes::Vector any{};
    for (std::uint32_t i = 0; i < 2 * kVectors; ++i) {
      found[i] = candidates_at<kProbes, kIsMasked>(probes, text.begin + base + i * Lanes::kWidth);
      any = i == 0 ? found[0] : Lanes::either(any, found[i]);
    }
    if (Lanes::is_any(any)) {
      for (std::uint32_t block = 0; block < 2; ++block) {
        std::uint64_t candidates = 0;
        for (std::uint32_t i = 0; i < kVectors; ++i)
          candidates |= Lanes::bits(found[block * kVectors + i]) << (i * Lanes::kWidth);
        if (block == 0 && skipped != 0) candidates &= ~std::uint64_t{0} << skipped;
        if (candidates == 0) continue;
        const std::uint64_t place = take_any(run, text, base + block * 64, candidates, hits);
        if (run.halt != Halt::kNone) return place;
      }
    }
    skipped = 0;
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
