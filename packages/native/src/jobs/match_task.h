// matchAsync: all matches of a pattern, in slices.
#pragma once

#include <memory>

#include "../guarded/matches.h"
#include "../kernels/pattern.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class MatchTask final : public Task {
 public:
  MatchTask(std::shared_ptr<const Mapping> mapping, std::shared_ptr<const Pattern> pattern,
            const MatchRequest& request, PageUse pages);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  bool run_slice(const CancelFlag& is_cancelled);

  std::shared_ptr<const Mapping> mapping_;
  std::shared_ptr<const Pattern> pattern_;
  Matches matches_;
  const PageUse pages_;
  bool is_cancelled_ = false;
};

}  // namespace mapscope
