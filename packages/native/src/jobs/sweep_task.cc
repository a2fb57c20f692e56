#include "sweep_task.h"

#include <utility>

#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {
namespace {

// What a slice may take besides time: bytes count as this process' memory until the slice ends.
constexpr std::uint64_t kSliceBytes = 32 << 20;

}  // namespace

SweepTask::SweepTask(std::shared_ptr<const Mapping> mapping, Sweeper& sweeper,
                     const Sweep::Options& options)
    : mapping_(std::move(mapping)), sweep_(*mapping_, sweeper, options) {}

bool SweepTask::run(const CancelFlag& is_cancelled) {
  const std::uint64_t from = sweep_.edge();
  const bool is_done = run_slice(is_cancelled);
  release(Range{from, sweep_.edge()});
  if (is_done && !is_cancelled_) finish();
  return is_done;
}

bool SweepTask::run_slice(const CancelFlag& is_cancelled) {
  const SliceTime time;
  const std::uint64_t from = sweep_.edge();
  while (sweep_.edge() - from < kSliceBytes && !time.is_over()) {
    is_cancelled_ = is_cancelled.load(std::memory_order_relaxed);
    if (is_cancelled_ || sweep_.is_at_end() || !prepare() || !sweep_.step()) return true;
  }
  return false;
}

// The page cache keeps them. Without this, a scan of a file would show as that file's whole size in
// RSS.
void SweepTask::release(Range looked_at) {
  mapping_->release_pages(looked_at.start, looked_at.byte_length());
}

Napi::Value SweepTask::result(Napi::Env env) {
  Napi::Object answer = Napi::Object::New(env);
  answer.Set("scannedTo", offset_number(env, sweep_.edge()));
  answer.Set("cancelled", Napi::Boolean::New(env, is_cancelled_));
  answer.Set("unreadable", range_pairs(env, sweep_.unreadable().met()));
  describe(env, answer);
  return answer;
}

}  // namespace mapscope
