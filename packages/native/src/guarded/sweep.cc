#include "sweep.h"

#include <algorithm>

#include "../os/fault_guard.h"

namespace mapscope {
namespace {

struct Look {
  Sweeper* sweeper;
  const volatile std::byte* data;  // of the mapping
  std::uint64_t page;
  const std::byte* bytes;
  Range window;
  bool is_last;
  std::uint64_t done;
};

// Every page, before the sweeper: it may have no reason to touch some (a lone byte has no equal
// neighbour, what the other mapping lacks is not compared), and a page that cannot be had is told
// of all the same.
void look_step(void* context) noexcept {
  auto& look = *static_cast<Look*>(context);
  const auto [start, end] = look.window;
  for (std::uint64_t at = start; at < end; at = (at / look.page + 1) * look.page)
    static_cast<void>(look.data[at]);
  look.done = look.sweeper->look(look.bytes, look.window, look.is_last);
}

}  // namespace

bool Sweep::step() {
  const FileEnd before = file_end(mapping_);
  std::uint64_t end = std::min(range_.end, before.offset);
  if (shortened_) end = std::min(end, *shortened_);
  if (edge_ >= end) {
    // All that is left was cut off; or, after a flicker, what could not be told.
    skip(Range{edge_, shortened_ ? std::min(range_.end, edge_ + window_) : range_.end});
    return edge_ < range_.end;
  }
  Range window{edge_, std::min(edge_ + window_, end)};
  bool is_last = window.end == end && (is_end_ || end < range_.end);
  mapping_.populate(window.start, window.byte_length());
  std::optional<std::uint64_t> done = look(window, is_last);
  Range gap{window.end, window.end};
  if (!done) {
    gap = unreadable_page(mapping_, window, Direction::kForward);
    // Nothing is missing any more, or the file was cut short: the next step sees it as it is now.
    if (gap.byte_length() == 0 || gap.start >= file_end(mapping_).offset) return true;
    window.end = gap.start;
    is_last = true;
    if (window.byte_length() > 0) {
      done = look(window, is_last);
      if (!done) return true;
    }
  }
  const std::uint64_t looked_to = edge_ + done.value_or(0);
  if (!is_settled(before, looked_to)) return true;
  if (done) sweeper_.keep();
  const bool is_stuck = looked_to == edge_ && gap.byte_length() == 0;
  edge_ = looked_to;
  if (edge_ == gap.start) skip(gap);
  return !is_stuck && edge_ < range_.end;
}

std::optional<std::uint64_t> Sweep::look(Range window, bool is_last) {
  Look look{
      &sweeper_, mapping_.data(), page_size(), mapping_.data() + window.start, window, is_last, 0};
  if (!run_guarded(look.bytes, window.byte_length(), look_step, &look)) return std::nullopt;
  return look.done;
}

// A file that was cut off and grew again meanwhile has shown zeros that were never in it. When it
// changes at every try, what it has now stands; and where it ends now, the window ends as well.
bool Sweep::is_settled(const FileEnd& before, std::uint64_t looked_to) {
  const FileEnd after = file_end(mapping_);
  if (after == before || (unsteady_tries_ >= kSteadyTries && after.offset >= looked_to)) {
    unsteady_tries_ = 0;
    shortened_.reset();
    return true;
  }
  ++unsteady_tries_;
  if (unsteady_tries_ > kSteadyTries) shortened_ = std::min(after.offset, looked_to - 1);
  return false;
}

void Sweep::skip(Range gap) {
  if (gap.byte_length() == 0) return;
  unreadable_.add(gap);
  sweeper_.skip(gap);
  edge_ = gap.end;
  unsteady_tries_ = 0;
  shortened_.reset();
}

}  // namespace mapscope
