#include "flush_task.h"

#include <cerrno>
#include <utility>

#include "../to_js.h"

namespace mapscope {

FlushTask::FlushTask(std::shared_ptr<const Mapping> mapping, Range range)
    : mapping_(std::move(mapping)), range_(range) {}

bool FlushTask::run(const CancelFlag& is_cancelled) {
  if (is_cancelled.load(std::memory_order_relaxed)) {
    failure_ = OsError{ECANCELED, "msync"};
  } else {
    failure_ = mapping_->flush(range_.start, range_.byte_length());
  }
  return true;
}

Napi::Value FlushTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  return env.Undefined();
}

}  // namespace mapscope
