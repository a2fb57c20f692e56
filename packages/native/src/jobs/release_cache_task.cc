#include "release_cache_task.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "../os/file_cache.h"
#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {
namespace {

// A millisecond or two. Pieces end at multiples of it, counted from the start of the file: the
// kernel caches in runs of up to 2 MiB at multiples of their size, and drops none that a piece
// cuts.
constexpr std::uint64_t kPiece = 16 << 20;

}  // namespace

ReleaseCacheTask::ReleaseCacheTask(std::shared_ptr<const Mapping> mapping,
                                   std::vector<Range> ranges)
    : mapping_(std::move(mapping)), ranges_(std::move(ranges)) {}

bool ReleaseCacheTask::run(const CancelFlag& is_cancelled) {
  const SliceTime time;
  if (is_done()) failure_ = drop_cached(*mapping_, 0, 0);  // tells where it cannot be done
  while (!is_done()) {
    if (is_cancelled.load(std::memory_order_relaxed)) {
      failure_ = OsError{ECANCELED, "posix_fadvise"};
      return true;
    }
    if (time.is_over()) return false;
    failure_ = release(next_piece());
    if (failure_) return true;
  }
  return true;
}

Range ReleaseCacheTask::next_piece() {
  Range& left = ranges_[next_];
  const std::uint64_t in_file = mapping_->file_offset() + left.start;
  const std::uint64_t whole = kPiece - in_file % kPiece;
  const Range piece{left.start, std::min(left.end, left.start + whole)};
  left.start = piece.end;
  if (left.byte_length() == 0) next_++;
  return piece;
}

std::optional<OsError> ReleaseCacheTask::release(Range piece) const {
  // EINVAL where some of it is locked: then it stays, as it should.
  mapping_->release_pages(piece.start, piece.byte_length());
  return drop_cached(*mapping_, piece.start, piece.byte_length());
}

Napi::Value ReleaseCacheTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  return env.Undefined();
}

}  // namespace mapscope
