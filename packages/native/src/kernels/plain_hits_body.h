// Hits that are known from a mask of 64 places. Included by each tier's file, as the other bodies.

namespace mapscope {
namespace {

// Returns the place to go on from: of the first hit that found no room, with `halt` set.
inline std::uint64_t take_plain(const Alignment& alignment, std::uint64_t base,
                                std::uint64_t places, Hits& hits, Halt& halt) {
  places = alignment.only(base, places);
  if (hits.items == nullptr) {
    hits.count += Lanes::count(places);
    return base + 64;
  }
  std::uint64_t count = hits.count;
  for (; places != 0; places &= places - 1) {
    const std::uint64_t place = base + Lanes::lowest(places);
    if (count == hits.capacity) {
      halt = Halt::kFull;
      hits.count = count;
      return place;
    }
    hits.items[count++] = place << 32;
  }
  hits.count = count;
  return base + 64;
}

}  // namespace
}  // namespace mapscope
