// stringsAsync and equalRunsAsync: runs of one kind in a part of a mapping, to be gone on with.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/run_sweep.h"
#include "sweep_task.h"

namespace mapscope {

struct RunsRequest {
  const RunKind* kind;
  std::uint64_t characters;
  std::uint64_t limit;
  bool is_end;
  std::optional<RunState> from;
};

// [isOpen, start, characters, carry], each exact; undefined where what came before is not known.
std::optional<RunState> run_state_argument(const Napi::Value& value);

class RunsTask final : public SweepTask {
 public:
  RunsTask(std::shared_ptr<const Mapping> mapping, Range range, const RunsRequest& request);

 private:
  bool prepare() override;
  void finish() override;
  void describe(Napi::Env env, Napi::Object answer) override;

  const std::uint64_t limit_;
  const bool is_end_;
  RunSweeper sweeper_;
};

}  // namespace mapscope
