#include "matches.h"

#include <algorithm>

#include "../os/fault_guard.h"
#include "touch.h"

namespace mapscope {
namespace {

struct Step {
  MatchWalk* walk;
  const MatchWalk::Window* window;
  const Octet* bytes;
};

void scan_step(void* context) noexcept {
  const auto& step = *static_cast<Step*>(context);
  step.walk->scan(*step.window, step.bytes);
}

Range bytes_of(const MatchWalk::Window& window) { return Range{window.start, window.end}; }

}  // namespace

Matches::Matches(const Mapping& mapping, const Pattern& pattern, const MatchRequest& request,
                 PageUse pages)
    : mapping_(mapping), pages_(pages), walk_(pattern, request), ceiling_(request.end) {}

bool Matches::step() {
  if (walk_.is_done()) return false;
  const FileEnd before = file_end(mapping_);
  if (is_reverse()) note_file_end(before.offset);
  const auto window = next_window(before.offset);
  if (!window) return step_over_gap(before.offset);
  bring_in(*window);
  if (!scan(*window)) {
    meet_gap(*window);
    return true;
  }
  // What was found may be in zeros that the kernel showed for a moment, and so may what hid a hit.
  if (file_end(mapping_) != before && !is_settled(*window)) return true;
  unsteady_tries_ = 0;
  walk_.take(*window);
  return !walk_.is_done();
}

// In reverse the end comes first: what is past the file's end is said at once.
void Matches::note_file_end(std::uint64_t file_end) {
  const std::uint64_t needed = std::min(ceiling_, walk_.needed_end());
  if (file_end >= needed) return;
  ceiling_ = std::max(file_end, walk_.request().start);
  unreadable_.add(Range{ceiling_, needed});
}

std::optional<MatchWalk::Window> Matches::next_window(std::uint64_t file_end) const {
  if (is_reverse()) return walk_.window(gap_ ? gap_->end : 0, ceiling_);
  return walk_.window(0, gap_ ? std::min(gap_->start, file_end) : file_end);
}

// Once for each stretch, however many scans it takes until its hits are all told.
void Matches::bring_in(const MatchWalk::Window& window) {
  if (pages_.are_mapped) return;
  const Range range = bytes_of(window);
  if (brought_in_ && brought_in_->start <= range.start && range.end <= brought_in_->end) return;
  mapping_.populate(range.start, range.byte_length());
  brought_in_ = range;
}

// False when a page could not be had.
bool Matches::scan(const MatchWalk::Window& window) {
  Step step{&walk_, &window, reinterpret_cast<const Octet*>(mapping_.data()) + window.start};
  return run_guarded(mapping_.data() + window.start, static_cast<std::size_t>(window.byte_length()),
                     scan_step, &step);
}

void Matches::meet_gap(const MatchWalk::Window& window) {
  brought_in_.reset();
  const Range gap = unreadable_page(mapping_, bytes_of(window),
                                    is_reverse() ? Direction::kReverse : Direction::kForward);
  // Nothing is missing any more, or the file was cut short: the next step sees the file as it is
  // now.
  if (gap.byte_length() == 0 || gap.start >= file_end(mapping_).offset) return;
  gap_ = gap;
}

// The file changed while the window was scanned. Short windows are likelier to be scanned between
// two changes; when not even those are, their bytes count as unreadable, since what they showed may
// never have been in the file.
bool Matches::is_settled(const MatchWalk::Window& window) {
  brought_in_.reset();
  if (!walk_.is_shortest()) {
    walk_.shorten();
  } else if (++unsteady_tries_ >= kSteadyTries) {
    unsteady_tries_ = 0;
    gap_ = is_reverse() ? Range{window.start, std::min(window.end, ceiling_)} : bytes_of(window);
  }
  return false;
}

// No hit fits before what cannot be read.
bool Matches::step_over_gap(std::uint64_t file_end) {
  const Range rest{std::max(file_end, walk_.edge()), walk_.needed_end()};
  if (gap_ && (is_reverse() || gap_->start < file_end)) {
    const Range gap = *gap_;
    gap_.reset();
    unreadable_.add(gap);
    ceiling_ = is_reverse() ? std::min(ceiling_, gap.start) : ceiling_;
    walk_.skip_to(is_reverse() ? gap.start : gap.end);
    return true;
  }
  if (!is_reverse()) unreadable_.add(rest);
  walk_.finish();
  return false;
}

}  // namespace mapscope
