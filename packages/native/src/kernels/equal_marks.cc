#include <algorithm>

#include "run_marks.h"

namespace mapscope {
namespace {

// A byte is marked when the next is the same, so a run of n equal bytes is n - 1 marks: that keeps
// "AABB" two runs.
MarkCarry mark_equal(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                     MarkCarry, RunMarks& marks) noexcept {
  const std::uint64_t pairs = length == 0 ? 0 : length - 1;
  difference_masks(tier, bytes, bytes + 1, pairs, kMarkWords, marks.in_run);
  for (std::size_t w = 0; w < kMarkWords; ++w) {
    const std::uint64_t there = pairs <= w * 64 ? 0 : pairs - w * 64;
    const std::uint64_t known = there >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << there) - 1;
    marks.in_run[w] = ~marks.in_run[w] & known;
  }
  std::copy(marks.in_run, marks.in_run + kMarkWords, marks.starts);
  // The byte of what may be open at the end.
  return length < kMarkBytes ? 0 : std::to_integer<MarkCarry>(bytes[kMarkBytes - 1]);
}

}  // namespace

const RunKind kEqualBytes{"equal", 1, 1, true, 1, mark_equal};

}  // namespace mapscope
