// The functions that are about the raw memory of the whole process, and no one mapping.
#pragma once

#include <napi.h>

namespace mapscope {

// An Int32Array over the process' counter of faults in raw memory.
Napi::Value view_faults_array(Napi::Env env);

void ensure_fault_handler_function(const Napi::CallbackInfo& info);

}  // namespace mapscope
