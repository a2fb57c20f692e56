// Opening what another thread has open.
#pragma once

#include <napi.h>

namespace mapscope {

Napi::Value open_shared_function(const Napi::CallbackInfo& info);

}  // namespace mapscope
