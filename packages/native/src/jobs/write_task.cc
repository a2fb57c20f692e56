#include "write_task.h"

#include <cerrno>
#include <utility>

#include "../guarded/write.h"
#include "../to_js.h"

namespace mapscope {

WriteTask::WriteTask(std::shared_ptr<const Mapping> mapping, std::uint64_t offset,
                     std::span<const std::byte> source)
    : mapping_(std::move(mapping)), offset_(offset), source_(source.begin(), source.end()) {}

bool WriteTask::run(const CancelFlag& is_cancelled) {
  if (is_cancelled.load(std::memory_order_relaxed)) {
    failure_ = OsError{ECANCELED, "write"};
  } else {
    failure_ = write_and_flush(*mapping_, offset_, source_.data(), source_.size());
  }
  return true;
}

Napi::Value WriteTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  return env.Undefined();
}

}  // namespace mapscope
