// flushAsync: changed pages to the disk.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/touch.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class FlushTask final : public Task {
 public:
  FlushTask(std::shared_ptr<const Mapping> mapping, Range range);

  // Cancelled before it begins, it flushes nothing; after that the kernel has it.
  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<const Mapping> mapping_;
  Range range_;
  std::optional<OsError> failure_;
};

}  // namespace mapscope
