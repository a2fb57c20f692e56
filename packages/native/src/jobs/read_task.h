// readAsync: bytes out of a mapping, and what of them is not true.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/ranges.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class ReadTask final : public Task {
 public:
  static constexpr std::uint64_t kMaxByteLength = 64 << 20;

  // `range` lies inside the mapping and is at most kMaxByteLength long.
  ReadTask(Napi::Env env, std::shared_ptr<const Mapping> mapping, Range range);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<const Mapping> mapping_;
  Range range_;
  // An ordinary array of V8's: external memory is forbidden in Electron and must outlive what
  // JavaScript does with it.
  Napi::Reference<Napi::Uint8Array> bytes_;
  std::byte* target_;
  Ranges unreadable_;
  std::optional<OsError> failure_;
};

}  // namespace mapscope
