// What belongs to one JavaScript environment: the main thread, or a worker.
#pragma once

#include <napi.h>

#include <cstdint>

#include "held_mapping.h"

namespace mapscope {

struct Environment {
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Napi::FunctionReference mapping_class;
  Napi::FunctionReference pattern_class;
  // Handed to the class' constructor, which no script can do: the mapping of another thread.
  HeldMapping opening;
  // ArrayBuffer.prototype.transfer as it was when the addon was loaded; empty in Node 20.
  Napi::FunctionReference transfer;
  // Makes a FileStatus of its members, in their order.
  Napi::FunctionReference status_maker;
  // The longest buffer that this engine has.
  std::uint64_t max_buffer_length = 0;
};

// Called once, when the addon is loaded.
void set_up_environment(Napi::Env env);

}  // namespace mapscope
