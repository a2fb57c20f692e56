#include "matching.h"

namespace mapscope {

std::uint64_t Alignment::only_slowly(std::uint64_t base, std::uint64_t places) const {
  std::uint64_t kept = 0;
  for (std::uint64_t bit = 0; bit < 64; ++bit) {
    const std::uint64_t one = std::uint64_t{1} << bit;
    if ((places & one) != 0 && has(base + bit)) kept |= one;
  }
  return kept;
}

bool Alignment::has_residue(std::uint64_t residue, std::uint64_t size) const {
  if (!has_mask_) return true;
  for (std::uint64_t place = residue; place < 64; place += size)
    if (has(place)) return true;
  return false;
}

}  // namespace mapscope
