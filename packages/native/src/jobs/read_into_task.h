// readIntoAsync: bytes out of a mapping into an array that is there already, and what of them is
// not true.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/ranges.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class ReadIntoTask : public Task {
 public:
  // `range` lies inside the mapping and is as long as `target`, which nobody may detach meanwhile.
  ReadIntoTask(std::shared_ptr<const Mapping> mapping, Range range, Napi::Uint8Array target);

  bool run(const CancelFlag& is_cancelled) final;
  Napi::Value result(Napi::Env env) override;

 protected:
  // [start0, end0, ...] as offsets in the mapping; throws when the read was cancelled.
  Napi::Array unreadable(Napi::Env env) const;
  Napi::Uint8Array target() const { return target_.Value(); }

 private:
  std::shared_ptr<const Mapping> mapping_;
  Range left_;
  Napi::Reference<Napi::Uint8Array> target_;
  std::byte* next_;  // where the byte at left_.start goes
  Ranges unreadable_;
  std::optional<OsError> failure_;
};

}  // namespace mapscope
