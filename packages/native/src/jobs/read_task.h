// readAsync: readIntoAsync into a new array, which goes with the answer.
#pragma once

#include <memory>

#include "read_into_task.h"

namespace mapscope {

class ReadTask final : public ReadIntoTask {
 public:
  static constexpr std::uint64_t kMaxByteLength = 64 << 20;

  // `range` lies inside the mapping and is at most kMaxByteLength long.
  ReadTask(Napi::Env env, std::shared_ptr<const Mapping> mapping, Range range);

  Napi::Value result(Napi::Env env) override;
};

}  // namespace mapscope
