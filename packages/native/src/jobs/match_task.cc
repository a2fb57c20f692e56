#include "match_task.h"

#include <algorithm>
#include <utility>

#include "../match_result.h"
#include "slice_time.h"

namespace mapscope {
namespace {

// What a slice may take besides time: bytes count as this process' memory until the slice ends.
constexpr std::uint64_t kSliceBytes = 32 << 20;

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

}  // namespace

MatchTask::MatchTask(std::shared_ptr<const Mapping> mapping, std::shared_ptr<const Pattern> pattern,
                     const MatchRequest& request, PageUse pages)
    : mapping_(std::move(mapping)),
      pattern_(std::move(pattern)),
      matches_(*mapping_, *pattern_, request, pages),
      pages_(pages) {}

bool MatchTask::run(const CancelFlag& is_cancelled) {
  const std::uint64_t from = matches_.walk().edge();
  const bool is_done = run_slice(is_cancelled);
  if (pages_.are_kept) return is_done;
  const std::uint64_t to = std::min(matches_.walk().edge(), mapping_->byte_length());
  // The page cache keeps them. Without this, a search through a file would show as that file's
  // whole size in RSS.
  mapping_->release_pages(std::min(from, to), distance(from, to));
  return is_done;
}

bool MatchTask::run_slice(const CancelFlag& is_cancelled) {
  const SliceTime time;
  const std::uint64_t from = matches_.walk().edge();
  while (distance(from, matches_.walk().edge()) < kSliceBytes && !time.is_over()) {
    is_cancelled_ = is_cancelled.load(std::memory_order_relaxed);
    if (is_cancelled_ || !matches_.step()) return true;
  }
  return false;
}

Napi::Value MatchTask::result(Napi::Env env) {
  return match_result(env, matches_.walk(), matches_.unreadable().sorted(), is_cancelled_);
}

}  // namespace mapscope
