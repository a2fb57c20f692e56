// adviseAsync: advice that reads, writes or drops so much that it takes time.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/touch.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class AdviseTask final : public Task {
 public:
  AdviseTask(std::shared_ptr<const Mapping> mapping, int advice, Range range);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<const Mapping> mapping_;
  int advice_;
  Range left_;
  std::optional<OsError> failure_;
};

}  // namespace mapscope
