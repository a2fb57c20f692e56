// 64 numbers at 64 places, a vector of them at a time: all that begin at even multiples of their
// size from the first place on, then those a byte further, and so on. In the compiler's own
// vectors, so that one text serves every vector tier.

namespace mapscope {
namespace {

template <class T>
struct VectorOf {
  typedef T Type __attribute__((vector_size(Lanes::kWidth)));
};

// Neighbours change places, then neighbouring pairs, then fours.
template <class T>
typename VectorOf<T>::Type swapped_vector(typename VectorOf<T>::Type value) {
  using Pairs = typename VectorOf<std::uint16_t>::Type;
  using Fours = typename VectorOf<std::uint32_t>::Type;
  using Eights = typename VectorOf<std::uint64_t>::Type;
  if constexpr (sizeof(T) >= 2) {
    const Pairs pairs = (Pairs)value;
    value = (typename VectorOf<T>::Type)(pairs << 8 | pairs >> 8);
  }
  if constexpr (sizeof(T) >= 4) {
    const Fours fours = (Fours)value;
    value = (typename VectorOf<T>::Type)(fours << 16 | fours >> 16);
  }
  if constexpr (sizeof(T) >= 8) {
    const Eights eights = (Eights)value;
    value = (typename VectorOf<T>::Type)(eights << 32 | eights >> 32);
  }
  return value;
}

template <class T>
Lanes::Vector lanes_in_range(const IntegerRange<T>& range, typename VectorOf<T>::Type value) {
  return (Lanes::Vector)((value - range.low) <= range.span);
}

inline Lanes::Vector lanes_in_range(const HalfRange& range, VectorOf<std::uint16_t>::Type value) {
  using Signed = VectorOf<std::int16_t>::Type;
  const auto flipped = (VectorOf<std::uint16_t>::Type)((Signed)value >> 15) & std::uint16_t{0x7fff};
  return (Lanes::Vector)(((value ^ flipped) - range.low) <= range.span);
}

template <class T, class Float>
Lanes::Vector lanes_in_range(const FloatRange<T, Float>& range, typename VectorOf<T>::Type bits) {
  const auto value = (typename VectorOf<Float>::Type)bits;
  return (Lanes::Vector)((value >= range.low) & (value <= range.high));
}

// A bit for the first byte of each T among 64 bytes.
template <class T>
constexpr std::uint64_t kFirstBytes = sizeof(T) == 1   ? ~std::uint64_t{0}
                                      : sizeof(T) == 2 ? 0x5555555555555555
                                      : sizeof(T) == 4 ? 0x1111111111111111
                                                       : 0x0101010101010101;

template <class T, class Range>
class NumberBlock {
 public:
  NumberBlock(const Range& range, bool is_swapped, const Alignment& alignment)
      : range_(range), is_swapped_(is_swapped) {
    for (std::uint64_t shift = 0; shift < sizeof(T); ++shift)
      is_asked_[shift] = alignment.has_residue(shift, sizeof(T));
  }

  bool has(const Octet* at) const { return range_.has(number_at<T>(at, is_swapped_)); }

  std::uint64_t bits(const Octet* at) const {
    return is_swapped_ ? bits_of<true>(at) : bits_of<false>(at);
  }

 private:
  static constexpr std::uint64_t kVectors = 64 / Lanes::kWidth;

  template <bool kIsSwapped>
  std::uint64_t bits_of(const Octet* at) const {
    std::uint64_t found = 0;
    for (std::uint64_t shift = 0; shift < sizeof(T); ++shift) {
      if (!is_asked_[shift]) continue;
      Lanes::Vector in_range[kVectors];
      Lanes::Vector any{};
      for (std::uint64_t i = 0; i < kVectors; ++i) {
        auto value = (typename VectorOf<T>::Type)Lanes::load(at + shift + i * Lanes::kWidth);
        if constexpr (kIsSwapped) value = swapped_vector<T>(value);
        in_range[i] = lanes_in_range(range_, value);
        any = i == 0 ? in_range[0] : Lanes::either(any, in_range[i]);
      }
      if (!Lanes::is_any(any)) continue;
      std::uint64_t bits = 0;
      for (std::uint64_t i = 0; i < kVectors; ++i)
        bits |= Lanes::bits(in_range[i]) << (i * Lanes::kWidth);
      found |= (bits & kFirstBytes<T>) << shift;
    }
    return found;
  }

  Range range_;
  bool is_swapped_;
  bool is_asked_[sizeof(T)];
};

}  // namespace
}  // namespace mapscope
