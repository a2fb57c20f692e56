// The functions that are about descriptors and paths, and no mapping.
#pragma once

#include <napi.h>

namespace mapscope {

Napi::Value open_beneath_function(const Napi::CallbackInfo& info);
// Not in lib/binding.ts: lets the tests run the fallback on a kernel that has openat2.
Napi::Value open_beneath_by_walk_function(const Napi::CallbackInfo& info);
Napi::Value is_file_still_function(const Napi::CallbackInfo& info);
Napi::Value file_status_function(const Napi::CallbackInfo& info);

}  // namespace mapscope
