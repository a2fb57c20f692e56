// What to search for, and how, from JavaScript.
#pragma once

#include <napi.h>

#include <memory>

#include "guarded/matches.h"
#include "guarded/touch.h"
#include "kernels/match_walk.h"
#include "kernels/pattern.h"

namespace mapscope {

// (spec, tier?)
std::shared_ptr<const Pattern> pattern_argument(const Napi::CallbackInfo& info);

// `options` of matchAsync and matchBytes, over a range that has been checked.
MatchRequest match_request(const Napi::Value& options, Range range, const Pattern& pattern);

PageUse page_use(const Napi::Value& options);

}  // namespace mapscope
