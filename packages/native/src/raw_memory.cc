#include "raw_memory.h"

#include "os/fault_guard.h"
#include "os/fault_region.h"
#include "raw_buffer.h"

namespace mapscope {

// Where the runtime allows no such buffer, there is no raw memory either, and nothing to count.
Napi::Value view_faults_array(Napi::Env env) {
  static_assert(sizeof(view_fault_counter()) == sizeof(std::int32_t));
  auto* const counter = reinterpret_cast<std::byte*>(&view_fault_counter());
  const auto buffer = raw_buffer(env, counter, sizeof(std::int32_t), nullptr);
  return buffer ? Napi::Int32Array::New(env, 1, *buffer, 0) : Napi::Int32Array::New(env, 1);
}

void ensure_fault_handler_function(const Napi::CallbackInfo&) { ensure_fault_guard(); }

}  // namespace mapscope
