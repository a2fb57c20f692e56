// compareAsync.
#pragma once

#include <memory>

#include "../guarded/compare_sweep.h"
#include "sweep_task.h"

namespace mapscope {

struct CompareRequest {
  std::shared_ptr<const Mapping> other;
  Range range;
  std::uint64_t other_offset;
  std::uint64_t limit;
};

class CompareTask final : public SweepTask {
 public:
  CompareTask(std::shared_ptr<const Mapping> mapping, const CompareRequest& request);

 private:
  bool prepare() override;
  void finish() override { sweeper_.finish(sweep().edge()); }
  void release(Range looked_at) override;
  void describe(Napi::Env env, Napi::Object answer) override;

  const CompareRequest request_;
  CompareSweeper sweeper_;
};

}  // namespace mapscope
