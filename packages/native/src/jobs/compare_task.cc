#include "compare_task.h"

#include <utility>

#include "../to_js.h"

namespace mapscope {

CompareTask::CompareTask(std::shared_ptr<const Mapping> mapping, const CompareRequest& request)
    : SweepTask(std::move(mapping), sweeper_,
                {.range = request.range, .window = CompareSweeper::kWindow}),
      request_(request),
      sweeper_(*request_.other, request.range.start, request.other_offset) {}

bool CompareTask::prepare() {
  if (sweeper_.runs().size() >= request_.limit) return false;
  sweeper_.bring_in(sweep().edge(), request_.range.end);
  return true;
}

void CompareTask::release(Range looked_at) {
  SweepTask::release(looked_at);
  const std::uint64_t start = looked_at.start - request_.range.start + request_.other_offset;
  request_.other->release_pages(start, looked_at.byte_length());
}

void CompareTask::describe(Napi::Env env, Napi::Object answer) {
  const auto& runs = sweeper_.runs();
  auto pairs = Napi::Float64Array::New(env, runs.size() * 2);
  double* pair = pairs.Data();
  for (const Run& run : runs) {
    *pair++ = static_cast<double>(run.start);
    *pair++ = static_cast<double>(run.end - run.start);
  }
  answer.Set("runs", pairs);
  answer.Set("otherUnreadable", range_pairs(env, sweeper_.unreadable().met()));
}

}  // namespace mapscope
