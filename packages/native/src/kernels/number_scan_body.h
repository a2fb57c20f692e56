// The loop of a tier over numbers. Included once by each tier's file, behind number_block_*.h.

namespace mapscope {
namespace {

template <class T, class Range>
std::uint64_t scan_numbers(const Range& range, const NumberRange& number,
                           const Alignment& alignment, const Text& text, Hits& hits) {
  Halt halt = Halt::kNone;
  const NumberBlock<T, Range> block(range, number.is_swapped, alignment);
  for (std::uint64_t base = 0; base < text.places; base += 64) {
    std::uint64_t found = 0;
    if (base + 64 <= text.places) {
      found = block.bits(text.begin + base);
    } else {
      for (std::uint64_t place = base; place < text.places; ++place)
        found |= std::uint64_t{block.has(text.begin + place)} << (place - base);
    }
    if (found == 0) continue;
    const std::uint64_t place = take_plain(alignment, base, found, hits, halt);
    if (halt != Halt::kNone) return place;
  }
  return text.places;
}

template <class T>
std::uint64_t scan_integers(const NumberRange& number, const Alignment& alignment, const Text& text,
                            Hits& hits) {
  const IntegerRange<T> range{static_cast<T>(number.low), static_cast<T>(number.span)};
  return scan_numbers<T>(range, number, alignment, text, hits);
}

template <class T, class Float>
std::uint64_t scan_floats(const NumberRange& number, const Alignment& alignment, const Text& text,
                          Hits& hits) {
  const FloatRange<T, Float> range{static_cast<Float>(number.float_low),
                                   static_cast<Float>(number.float_high)};
  return scan_numbers<T>(range, number, alignment, text, hits);
}

std::uint64_t scan_number(const NumberRange& number, const Alignment& alignment, const Text& text,
                          Hits& hits) {
  if (number.is_empty) return text.places;
  if (number.kind == NumberKind::kHalf) {
    const HalfRange range{static_cast<std::uint16_t>(number.low),
                          static_cast<std::uint16_t>(number.span)};
    return scan_numbers<std::uint16_t>(range, number, alignment, text, hits);
  }
  if (number.kind == NumberKind::kFloat) {
    return number.byte_length == 4
               ? scan_floats<std::uint32_t, float>(number, alignment, text, hits)
               : scan_floats<std::uint64_t, double>(number, alignment, text, hits);
  }
  switch (number.byte_length) {
    case 1:
      return scan_integers<std::uint8_t>(number, alignment, text, hits);
    case 2:
      return scan_integers<std::uint16_t>(number, alignment, text, hits);
    case 4:
      return scan_integers<std::uint32_t>(number, alignment, text, hits);
    default:
      return scan_integers<std::uint64_t>(number, alignment, text, hits);
  }
}

}  // namespace
}  // namespace mapscope
