#include "advise_task.h"

#include <cerrno>
#include <utility>

#include "../os/advice.h"
#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {

AdviseTask::AdviseTask(std::shared_ptr<const Mapping> mapping, int advice, Range range)
    : mapping_(std::move(mapping)), advice_(advice), left_(range) {}

bool AdviseTask::run(const CancelFlag& is_cancelled) {
  const SliceTime time;
  do {  // an empty range is asked about once, too: unknown advice is an error there as well
    if (is_cancelled.load(std::memory_order_relaxed)) {
      failure_ = OsError{ECANCELED, "madvise"};
      return true;
    }
    if (time.is_over()) return false;
    const std::uint64_t end = advice_piece_end(*mapping_, advice_, left_.start, left_.end);
    failure_ = advise(*mapping_, advice_, left_.start, end - left_.start);
    if (failure_) return true;
    left_.start = end;
  } while (left_.byte_length() > 0);
  return true;
}

Napi::Value AdviseTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  return env.Undefined();
}

}  // namespace mapscope
