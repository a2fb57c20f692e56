// A sweep over a mapping as a job, in slices: what byteStatsAsync, stringsAsync, equalRunsAsync and
// compareAsync have in common.
#pragma once

#include <memory>

#include "../guarded/sweep.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class SweepTask : public Task {
 public:
  bool run(const CancelFlag& is_cancelled) final;
  Napi::Value result(Napi::Env env) final;

 protected:
  // The sweeper is the deriving class' own.
  SweepTask(std::shared_ptr<const Mapping> mapping, Sweeper& sweeper,
            const Sweep::Options& options);

  const Sweep& sweep() const { return sweep_; }

  // Before each step. False: there is enough.
  virtual bool prepare() = 0;
  // After the last step, unless cancelled.
  virtual void finish() = 0;
  // The pages before the edge are done with.
  virtual void release(Range looked_at);
  // What the answer says beyond scannedTo, cancelled and unreadable.
  virtual void describe(Napi::Env env, Napi::Object answer) = 0;

 private:
  bool run_slice(const CancelFlag& is_cancelled);

  std::shared_ptr<const Mapping> mapping_;
  Sweep sweep_;
  bool is_cancelled_ = false;
};

}  // namespace mapscope
