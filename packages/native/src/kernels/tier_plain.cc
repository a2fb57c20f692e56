// The loops in plain C++: for any processor, and the other tiers' yardstick. A "vector" is a word.
#include <bit>
#include <cstring>

#include "tiers.h"

namespace mapscope {
namespace {

struct Lanes {
  static constexpr std::uint64_t kWidth = 8;
  using Vector = std::uint64_t;

  static constexpr std::uint64_t kOnes = 0x0101010101010101;
  static constexpr std::uint64_t kLows = 0x7f7f7f7f7f7f7f7f;

  static Vector broadcast(Octet byte) { return kOnes * byte; }
  static Vector load(const Octet* at) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    if constexpr (std::endian::native == std::endian::big) {
      std::uint64_t turned = 0;
      for (int i = 0; i < 8; ++i, word >>= 8) turned = turned << 8 | (word & 0xff);
      return turned;
    }
    return word;
  }
  // There is no word for it that all compilers know, and no hurry.
  static void ask_for(const Octet*) {}
  // 0x80 in the bytes that are equal, 0 in the others; exact, for no carry leaves its byte.
  static Vector equal(Vector a, Vector b) {
    const std::uint64_t different = a ^ b;
    return ~(((different & kLows) + kLows) | different | kLows);
  }
  static Vector both(Vector a, Vector b) { return a & b; }
  static Vector either(Vector a, Vector b) { return a | b; }
  static bool is_any(Vector a) { return a != 0; }
  static std::uint64_t bits(Vector a) { return (a >> 7) * 0x0102040810204080 >> 56; }
  static std::uint64_t count(std::uint64_t bits) {
    return static_cast<std::uint64_t>(std::popcount(bits));
  }
  static std::uint64_t lowest(std::uint64_t bits) {
    return static_cast<std::uint64_t>(std::countr_zero(bits));
  }
};

}  // namespace
}  // namespace mapscope

// clang-format off: each needs those before it
#include "plain_hits_body.h"
#include "masked_scan_body.h"
#include "accepted_body.h"
#include "number_value_body.h"
#include "number_block_plain_body.h"
#include "number_scan_body.h"
// clang-format on

namespace mapscope {

const Tier kPlainTier = {"plain", scan_masked, accepted_bits, scan_number, nullptr};

}  // namespace mapscope
