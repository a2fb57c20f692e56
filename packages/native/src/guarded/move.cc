#include "move.h"

#include <algorithm>

#include "file_end.h"
#include "touch.h"

namespace mapscope {
namespace {

Range source_of(const Move& move) { return Range{move.from, move.from + move.byte_length}; }
Range target_of(const Move& move) { return Range{move.to, move.to + move.byte_length}; }

// The first byte of either range that the file does not have.
std::optional<Fault> past_end(const FileEnd& end, const Move& move) {
  const auto [low, high] = std::minmax(move.to, move.from);
  if (high + move.byte_length <= end.offset) return std::nullopt;
  const bool is_low_cut = low + move.byte_length > end.offset;
  return Fault{std::max(is_low_cut ? low : high, end.offset), end.file_byte_length};
}

// Some byte of this piece, which lies in one page on either side, could not be had. Reading tells
// whether it was the source; else the store was refused (a full disk).
Fault fault_in_piece(const Mapping& mapping, const Move& piece) {
  const Range source = unreadable_page(mapping, source_of(piece), Direction::kForward);
  if (source.byte_length() > 0) return fault_at(mapping, source.start);
  return fault_at(mapping, target_of(piece).start);
}

}  // namespace

std::optional<Fault> move_bytes(const Mapping& mapping, const Move& move) {
  if (move.byte_length == 0) return std::nullopt;
  if (const auto fault = past_end(file_end(mapping), move)) return fault;
  const auto failed = move_in_pages(mapping, move);
  // After the move, too: what was cut off meanwhile was moved as zeros, or lost where it was put.
  const auto cut = past_end(file_end(mapping), move);
  if (failed && !cut) return fault_in_piece(mapping, *failed);
  return cut;
}

}  // namespace mapscope
