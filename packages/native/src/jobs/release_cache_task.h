// releaseCacheAsync: what a scan has passed is given back to the system.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "../guarded/touch.h"
#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class ReleaseCacheTask final : public Task {
 public:
  ReleaseCacheTask(std::shared_ptr<const Mapping> mapping, std::vector<Range> ranges);

  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  bool is_done() const { return next_ == ranges_.size(); }
  Range next_piece();
  std::optional<OsError> release(Range piece) const;

  std::shared_ptr<const Mapping> mapping_;
  // What is left of it: all from `next_` on.
  std::vector<Range> ranges_;
  std::size_t next_ = 0;
  std::optional<OsError> failure_;
};

}  // namespace mapscope
