// A mapping's bytes as a JavaScript string, one code unit each, without copying them: for regular
// expressions.
#pragma once

#include <napi.h>

#include "guarded/touch.h"
#include "os/mapping.h"

namespace mapscope {

// Undefined where there is none to be had. Throws RANGE beyond the longest string of the engine.
// The string cannot be detached; the pages stay until it is collected.
Napi::Value raw_latin1(Napi::Env env, const Mapping& mapping, Range range);

}  // namespace mapscope
