#include "runs_task.h"

#include <initializer_list>
#include <utility>

#include "../arguments.h"
#include "../to_js.h"

namespace mapscope {
namespace {

Napi::Array numbers_array(Napi::Env env, std::initializer_list<std::uint64_t> numbers) {
  Napi::Array array = Napi::Array::New(env, numbers.size());
  std::uint32_t i = 0;
  for (const std::uint64_t number : numbers) array.Set(i++, offset_number(env, number));
  return array;
}

Napi::Array state_array(Napi::Env env, const RunState& state) {
  return numbers_array(env,
                       {state.open.is_open, state.open.start, state.open.characters, state.carry});
}

Napi::Array head_array(Napi::Env env, const HeadRun& head) {
  if (head.state != HeadRun::State::kEnded) return Napi::Array::New(env);
  return numbers_array(env, {head.start, head.end, head.characters});
}

}  // namespace

std::optional<RunState> run_state_argument(const Napi::Value& value) {
  if (value.IsUndefined()) return std::nullopt;
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
  const auto& last_bytes = sweeper_.last_bytes();
  auto bytes = Napi::Uint8Array::New(env, last_bytes.size());
  for (std::size_t i = 0; i < last_bytes.size(); ++i)
    bytes[i] = std::to_integer<std::uint8_t>(last_bytes[i]);
  double* pair = pairs.Data();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    *pair++ = static_cast<double>(runs[i].start);
    *pair++ = static_cast<double>(runs[i].end - runs[i].start);
  }
  answer.Set("runs", pairs);
  answer.Set("lastBytes", bytes);
  answer.Set("resume", state_array(env, sweeper_.state()));
  answer.Set("head", head_array(env, sweeper_.head()));
}

}  // namespace mapscope
