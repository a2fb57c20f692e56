#include "find_task.h"

#include <algorithm>
#include <utility>

#include "../to_js.h"
#include "slice_time.h"

namespace mapscope {
namespace {

// What a slice may take besides time: bytes count as this process' memory until the slice ends.
constexpr std::uint64_t kSliceBytes = 32 << 20;

std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

}  // namespace

FindTask::FindTask(std::shared_ptr<const Mapping> mapping, std::span<const std::byte> needle,
                   Range range, Direction direction)
    : mapping_(std::move(mapping)),
      needle_(needle.begin(), needle.end()),
      finder_(needle_, direction),
      scan_(*mapping_, finder_, range) {}

bool FindTask::run(const CancelFlag& is_cancelled) {
  const std::uint64_t from = scan_.edge();
  const bool is_done = run_slice(is_cancelled);
  // The page cache keeps them. Without this, a search through a file would show as that file's
  // whole size in RSS.
  mapping_->release_pages(std::min(from, scan_.edge()), distance(from, scan_.edge()));
  return is_done;
}

bool FindTask::run_slice(const CancelFlag& is_cancelled) {
  const SliceTime time;
  const std::uint64_t from = scan_.edge();
  while (distance(from, scan_.edge()) < kSliceBytes && !time.is_over()) {
    is_cancelled_ = is_cancelled.load(std::memory_order_relaxed);
    if (is_cancelled_ || !scan_.step()) return true;
  }
  return false;
}

Napi::Value FindTask::result(Napi::Env env) {
  const auto match = scan_.match();
  Napi::Object found = Napi::Object::New(env);
  found.Set("offset", match ? offset_number(env, *match) : Napi::Number::New(env, -1));
  found.Set("scannedTo", offset_number(env, scan_.scanned_to()));
  found.Set("cancelled", Napi::Boolean::New(env, is_cancelled_));
  found.Set("unreadable", range_pairs(env, scan_.unreadable().sorted()));
  return found;
}

}  // namespace mapscope
