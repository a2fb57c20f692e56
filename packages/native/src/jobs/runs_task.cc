#include "runs_task.h"

#include <utility>

#include "../arguments.h"
#include "../to_js.h"

namespace mapscope {
namespace {

constexpr std::uint32_t kStateLength = 4;

Napi::Array state_array(Napi::Env env, const RunState& state) {
  Napi::Array array = Napi::Array::New(env, kStateLength);
  const std::uint64_t values[] = {state.open.is_open, state.open.start, state.open.characters,
                                  state.carry};
  for (std::uint32_t i = 0; i < kStateLength; ++i) array.Set(i, offset_number(env, values[i]));
  return array;
}

}  // namespace

RunState run_state_argument(const Napi::Value& value) {
  if (value.IsUndefined()) return RunState{};
  const Napi::Object array = object_argument(value, "resume");
  const auto number = [&](std::uint32_t i) { return integer_argument(array.Get(i), "resume"); };
  return RunState{OpenRun{number(0) != 0, number(1), number(2)}, number(3)};
}

RunsTask::RunsTask(std::shared_ptr<const Mapping> mapping, Range range, const RunsRequest& request)
    : SweepTask(std::move(mapping), sweeper_, {.range = range, .is_end = request.is_end}),
      limit_(request.limit),
      is_end_(request.is_end),
      sweeper_(*request.kind, request.characters, request.from) {}

bool RunsTask::prepare() { return sweeper_.runs().size() < limit_; }

void RunsTask::finish() {
  if (is_end_ && sweep().is_at_end()) sweeper_.finish(sweep().edge());
}

void RunsTask::describe(Napi::Env env, Napi::Object answer) {
  const auto& runs = sweeper_.runs();
  auto pairs = Napi::Float64Array::New(env, runs.size() * 2);
  auto bytes = Napi::Uint8Array::New(env, runs.size());
  double* pair = pairs.Data();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    *pair++ = static_cast<double>(runs[i].start);
    *pair++ = static_cast<double>(runs[i].end - runs[i].start);
    bytes[i] = std::to_integer<std::uint8_t>(sweeper_.last_bytes()[i]);
  }
  answer.Set("runs", pairs);
  answer.Set("lastBytes", bytes);
  answer.Set("resume", state_array(env, sweeper_.state()));
}

}  // namespace mapscope
