// populateAsync: pages into memory before somebody needs them.
#pragma once

#include <memory>
#include <optional>

#include "../guarded/touch.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class PopulateTask final : public Task {
 public:
  PopulateTask(std::shared_ptr<const Mapping> mapping, Range range);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<const Mapping> mapping_;
  Range left_;
  std::optional<Failure> failure_;
};

}  // namespace mapscope
