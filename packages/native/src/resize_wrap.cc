// resize and remap, and what they refuse.
#include <mutex>

#include "guarded/resize.h"
#include "mapping_arguments.h"
#include "mapping_wrap.h"
#include "to_js.h"

namespace mapscope {
namespace {

std::uint64_t new_length(const Napi::CallbackInfo& info) {
  const std::uint64_t byte_length = integer_argument(info[0], "byteLength");
  if (byte_length == 0) throw Napi::RangeError::New(info.Env(), "byteLength must be at least 1");
  return byte_length;
}

}  // namespace

void MappingWrap::refuse_when_busy() {
  const MappingHolds& holds = mapping_->holds();
  const Busy busy{.exports = static_cast<int>(exports_->count()) + shared_exports_.count(),
                  .jobs = holds.jobs.load(std::memory_order_acquire),
                  .other_threads = holds.objects.load(std::memory_order_acquire) - 1};
  if (busy.exports + busy.jobs + busy.other_threads > 0) throw busy_error(Env(), busy);
}

void MappingWrap::change_length(const Info& info, ChangeLength change) {
  open_mapping();
  const std::uint64_t byte_length = new_length(info);
  const std::lock_guard lock(mapping_->holds().opening);  // who is alone stays alone
  refuse_when_busy();
  windows_.detach(info.Env());
  throw_if_failed(info.Env(), change(*mapping_, byte_length));
  byte_length_ = static_cast<double>(byte_length);
}

void MappingWrap::resize(const Info& info) { change_length(info, mapscope::resize); }

void MappingWrap::remap(const Info& info) { change_length(info, mapscope::remap); }

}  // namespace mapscope
