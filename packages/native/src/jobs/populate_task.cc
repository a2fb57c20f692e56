#include "populate_task.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "../guarded/populate.h"
#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {
namespace {

constexpr std::uint64_t kPiece = 16 << 20;  // how often cancel() and the time are looked at

}  // namespace

PopulateTask::PopulateTask(std::shared_ptr<const Mapping> mapping, Range range)
    : mapping_(std::move(mapping)), left_(range) {}

bool PopulateTask::run(const CancelFlag& is_cancelled) {
  const SliceTime time;
  while (left_.byte_length() > 0) {
    if (is_cancelled.load(std::memory_order_relaxed)) {
      failure_ = OsError{ECANCELED, "madvise"};
      return true;
    }
    if (time.is_over()) return false;
    const Range piece{left_.start, std::min(left_.start + kPiece, left_.end)};
    failure_ = bring_in(*mapping_, piece);
    if (failure_) return true;
    left_.start = piece.end;
  }
  return true;
}

Napi::Value PopulateTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  return env.Undefined();
}

}  // namespace mapscope
