#include "read_into_task.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "../guarded/read.h"
#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {
namespace {

constexpr std::uint64_t kPiece = 1 << 20;  // how often cancel() and the time are looked at

}  // namespace

ReadIntoTask::ReadIntoTask(std::shared_ptr<const Mapping> mapping, Range range,
                           Napi::Uint8Array target)
    : mapping_(std::move(mapping)),
      left_(range),
      target_(Napi::Persistent(target)),
      next_(reinterpret_cast<std::byte*>(target.Data())) {}

bool ReadIntoTask::run(const CancelFlag& is_cancelled) {
  const SliceTime time;
  while (left_.byte_length() > 0) {
    if (is_cancelled.load(std::memory_order_relaxed)) {
      failure_ = OsError{ECANCELED, "read"};
      return true;
    }
    if (time.is_over()) return false;
    const Range piece{left_.start, std::min(left_.start + kPiece, left_.end)};
    const Ranges gaps = read_what_is_there(*mapping_, piece, next_);
    for (const Range& gap : gaps.met()) unreadable_.add(gap);
    next_ += piece.byte_length();
    left_.start = piece.end;
  }
  return true;
}

Napi::Array ReadIntoTask::unreadable(Napi::Env env) const {
  if (failure_) throw failure_error(env, *failure_);
  return range_pairs(env, unreadable_.met());
}

Napi::Value ReadIntoTask::result(Napi::Env env) { return unreadable(env); }

}  // namespace mapscope
