// What matchAsync and matchBytes answer.
#pragma once

#include <napi.h>

#include <vector>

#include "guarded/touch.h"
#include "kernels/match_walk.h"

namespace mapscope {

Napi::Object match_result(Napi::Env env, const MatchWalk& walk,
                          const std::vector<Range>& unreadable, bool is_cancelled);

}  // namespace mapscope
