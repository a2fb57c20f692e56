#include "read_task.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "../guarded/read.h"
#include "../to_js.h"

namespace mapscope {
namespace {

constexpr std::uint64_t kPiece = 1 << 20;  // how often cancel() is looked at

}  // namespace

ReadTask::ReadTask(Napi::Env env, std::shared_ptr<const Mapping> mapping, Range range)
    : mapping_(std::move(mapping)), range_(range) {
  auto bytes = Napi::Uint8Array::New(env, static_cast<std::size_t>(range.byte_length()));
  target_ = reinterpret_cast<std::byte*>(bytes.Data());
  bytes_ = Napi::Persistent(bytes);
}

bool ReadTask::run(const CancelFlag& is_cancelled) {
  for (std::uint64_t at = range_.start; at < range_.end;) {
    if (is_cancelled.load(std::memory_order_relaxed)) {
      failure_ = OsError{ECANCELED, "read"};
      return true;
    }
    const Range piece{at, std::min(at + kPiece, range_.end)};
    const Ranges gaps = read_what_is_there(*mapping_, piece, target_ + (at - range_.start));
    for (const Range& gap : gaps.met()) unreadable_.add(gap);
    at = piece.end;
  }
  return true;
}

Napi::Value ReadTask::result(Napi::Env env) {
  if (failure_) throw failure_error(env, *failure_);
  Napi::Object read = Napi::Object::New(env);
  read.Set("bytes", bytes_.Value());
  read.Set("unreadable", range_pairs(env, unreadable_.met()));
  return read;
}

}  // namespace mapscope
