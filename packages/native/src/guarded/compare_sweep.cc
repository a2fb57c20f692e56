#include "compare_sweep.h"

#include <algorithm>

#include "read.h"

namespace mapscope {
namespace {

constexpr std::size_t kWords = kMostMaskWords;
constexpr std::uint64_t kPiece = kWords * 64;
constexpr RunLength kAny{1, 1};
// Every look has room for all that its bytes can hold, so it never stops early.
constexpr std::size_t kRoom = CompareSweeper::kWindow / 64 * kMaxRunsInWord;

}  // namespace

CompareSweeper::CompareSweeper(const Mapping& other, std::uint64_t offset,
                               std::uint64_t other_offset)
    : tier_(byte_mask_tier()),
      other_(other),
      offset_(offset),
      other_offset_(other_offset),
      buffer_(kWindow),
      found_(kRoom) {}

void CompareSweeper::bring_in(std::uint64_t edge, std::uint64_t end) {
  if (edge >= held_.start && edge < held_.end) return;
  held_ = Range{edge, std::min(end, edge + kWindow)};
  const std::uint64_t from = held_.start - offset_ + other_offset_;
  const Ranges met =
      read_what_is_there(other_, Range{from, from + held_.byte_length()}, buffer_.data());
  gaps_.clear();
  for (const Range& gap : met.met()) {
    unreadable_.add(gap);
    gaps_.push_back(Range{gap.start - other_offset_ + offset_, gap.end - other_offset_ + offset_});
  }
}

std::uint64_t CompareSweeper::look(const std::byte* bytes, Range window, bool) noexcept {
  looked_ = kept_;
  sink_ = RunSink{found_.data(), 0};
  const Range here{window.start, std::min(window.end, held_.end)};
  std::uint64_t at = here.start;
  for (const Range& gap : gaps_) {
    if (gap.end <= at || gap.start >= here.end) continue;
    compare(bytes, window, Range{at, std::max(at, gap.start)});
    close_run(looked_, std::max(at, gap.start), kAny, sink_);
    at = std::min(gap.end, here.end);
  }
  compare(bytes, window, Range{at, here.end});
  return here.byte_length();
}

void CompareSweeper::compare(const std::byte* bytes, Range window, Range piece) noexcept {
  for (std::uint64_t at = piece.start; at < piece.end; at += kPiece) {
    std::uint64_t masks[kWords];
    const std::uint64_t length = std::min(kPiece, piece.end - at);
    const auto words = static_cast<std::size_t>((length + 63) / 64);
    difference_masks(tier_, bytes + (at - window.start), buffer_.data() + (at - held_.start),
                     length, words, masks);
    tier_.find_runs(looked_, MaskWords{at, masks, nullptr, words}, kAny, sink_);
  }
}

void CompareSweeper::keep() {
  kept_ = looked_;
  runs_.insert(runs_.end(), found_.begin(),
               found_.begin() + static_cast<std::ptrdiff_t>(sink_.count));
}

void CompareSweeper::skip(Range gap) { finish(gap.start); }

void CompareSweeper::finish(std::uint64_t end) {
  RunSink sink{found_.data(), 0};
  close_run(kept_, end, kAny, sink);
  if (sink.count > 0) runs_.push_back(found_[0]);
}

}  // namespace mapscope
