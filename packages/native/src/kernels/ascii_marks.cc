#include <algorithm>

#include "run_marks.h"

namespace mapscope {
namespace {

MarkCarry mark_ascii(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                     MarkCarry, RunMarks& marks) noexcept {
  class_masks(tier, bytes, length, kMarkWords, ByteClass{0x20, 0x7e}, marks.in_run);
  std::copy(marks.in_run, marks.in_run + kMarkWords, marks.starts);
  return 0;
}

}  // namespace

const RunKind kAsciiText{"ascii", 0, 1, true, 0, mark_ascii};

}  // namespace mapscope
