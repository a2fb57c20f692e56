// One number of a tier's loop: its bytes put right, and whether it is in range. Included once by
// each tier's file, as the other bodies.

namespace mapscope {
namespace {

template <class T>
T swapped(T value) {
  T turned = 0;
  for (std::uint32_t i = 0; i < sizeof(T); ++i) {
    turned = static_cast<T>(turned << (8 * (sizeof(T) > 1)) | (value & 0xff));
    value = static_cast<T>(value >> (8 * (sizeof(T) > 1)));
  }
  return turned;
}

template <class T>
T number_at(const Octet* at, bool is_swapped) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return is_swapped ? swapped(value) : value;
}

template <class T>
struct IntegerRange {
  T low;
  T span;
  bool has(T value) const { return static_cast<T>(value - low) <= span; }
};

struct HalfRange {
  std::uint16_t low;
  std::uint16_t span;
  bool has(std::uint16_t bits) const {
    const std::uint16_t key = (bits & 0x8000) != 0 ? bits ^ 0x7fff : bits;
    return static_cast<std::uint16_t>(key - low) <= span;
  }
};

template <class T, class Float>
struct FloatRange {
  Float low;
  Float high;
  bool has(T bits) const {
    Float value;
    std::memcpy(&value, &bits, sizeof(value));
    return value >= low && value <= high;
  }
};

}  // namespace
}  // namespace mapscope
