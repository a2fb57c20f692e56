// findAsync: a search of any length, in slices.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "../guarded/scan.h"
#include "../kernels/find.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class FindTask final : public Task {
 public:
  // Copies the needle.
  FindTask(std::shared_ptr<const Mapping> mapping, std::span<const std::byte> needle, Range range,
           Direction direction);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  bool run_slice(const CancelFlag& is_cancelled);

  std::shared_ptr<const Mapping> mapping_;
  std::vector<std::byte> needle_;
  Finder finder_;
  Scan scan_;
  bool is_cancelled_ = false;
};

}  // namespace mapscope
