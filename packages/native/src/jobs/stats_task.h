// byteStatsAsync.
#pragma once

#include <memory>

#include "../guarded/stats_sweep.h"
#include "sweep_task.h"

namespace mapscope {

class StatsTask final : public SweepTask {
 public:
  StatsTask(std::shared_ptr<const Mapping> mapping, Range range, std::uint64_t block_byte_length);

 private:
  bool prepare() override { return true; }
  void finish() override { sweeper_.finish(); }
  void describe(Napi::Env env, Napi::Object answer) override;

  StatsSweeper sweeper_;
};

}  // namespace mapscope
