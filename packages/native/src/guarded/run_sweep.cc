#include "run_sweep.h"

#include <algorithm>

namespace mapscope {
namespace {

// Of one look: 512 KiB of memory. A look that finds more stops there, and the next goes on.
constexpr std::size_t kRoom = 32 * 1024;
constexpr std::size_t kRoomForMarks = kMarkWords * kMaxRunsInWord;

}  // namespace

RunSweeper::RunSweeper(const RunKind& kind, std::uint64_t characters,
                       const std::optional<RunState>& from)
    : tier_(byte_mask_tier()),
      kind_(kind),
      is_of_one_byte_(&kind == &kEqualBytes),
      least_{characters, characters * kind.character_byte_length},
      kept_(from.value_or(RunState{})),
      looked_(kept_),
      found_(std::make_unique_for_overwrite<Run[]>(kRoom)),
      found_bytes_(std::make_unique_for_overwrite<std::byte[]>(kRoom)) {
  if (from) kept_head_.state = HeadRun::State::kNone;
}

std::uint64_t RunSweeper::look(const std::byte* bytes, Range window, bool is_last) noexcept {
  looked_ = kept_;
  looked_head_ = kept_head_;
  sink_ = RunSink{found_.get(), 0};
  const std::uint64_t length = window.byte_length();
  const std::uint64_t ahead = kind_.lookahead;
  // Only whole marks, since the carry is that of their end.
  const std::uint64_t usable =
      is_last ? length : (length > ahead ? (length - ahead) / kMarkBytes * kMarkBytes : 0);
  std::uint64_t at = 0;
  while (at < usable && kRoom - sink_.count >= kRoomForMarks) {
    RunMarks marks;
    looked_.carry = kind_.mark(tier_, bytes + at, length - at, looked_.carry, marks);
    const std::uint64_t here = std::min(kMarkBytes, usable - at);
    const std::size_t before = sink_.count;
    const MaskWords words{window.start + at, marks.in_run,
                          kind_.is_byte_a_character ? nullptr : marks.starts,
                          static_cast<std::size_t>((here + 63) / 64)};
    looked_head_.follow(words);
    tier_.find_runs(looked_.open, words, least_, sink_);
    for (std::size_t i = before; is_of_one_byte_ && i < sink_.count; ++i) {
      Run& run = found_[i];
      run.end += kind_.excess;
      found_bytes_[i] = bytes[run.end - 1 < window.start ? 0 : run.end - 1 - window.start];
    }
    at += here;
  }
  return at;
}

void RunSweeper::keep() {
  kept_ = looked_;
  kept_head_ = looked_head_;
  runs_.insert(runs_.end(), found_.get(), found_.get() + sink_.count);
  if (!is_of_one_byte_) return;
  last_bytes_.insert(last_bytes_.end(), found_bytes_.get(), found_bytes_.get() + sink_.count);
}

void RunSweeper::skip(Range gap) { finish(gap.start); }

// At the end of everything, or of what can be read. A run that was open when the file was cut right
// behind it ends there, as far as it was looked at.
void RunSweeper::finish(std::uint64_t end) {
  kept_head_.stop(end);
  RunSink sink{found_.get(), 0};
  close_run(kept_.open, end, least_, sink);
  // What a kind with an excess has open was marked with the byte that is gone.
  const bool is_long = sink.count > 0 && end - found_[0].start >= least_.byte_length + kind_.excess;
  if (is_long) {
    runs_.push_back(found_[0]);
    if (is_of_one_byte_) last_bytes_.push_back(static_cast<std::byte>(kept_.carry & 0xff));
  }
  kept_.carry = 0;
}

}  // namespace mapscope
