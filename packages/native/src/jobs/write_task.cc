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
    outcome_ = Failure{OsError{ECANCELED, "write"}};
  } else {
    outcome_ = write_and_flush(*mapping_, offset_, source_.data(), source_.size());
  }
  return true;
}

Napi::Value WriteTask::result(Napi::Env env) {
  if (const auto* const failure = std::get_if<Failure>(&outcome_))
    throw failure_error(env, *failure);
  return file_status_object(env, std::get<FileStatus>(outcome_));
}

}  // namespace mapscope
