#include "read_task.h"

#include <utility>

namespace mapscope {

// An ordinary array of V8's: external memory is forbidden in Electron and must outlive what
// JavaScript does with it.
ReadTask::ReadTask(Napi::Env env, std::shared_ptr<const Mapping> mapping, Range range)
    : ReadIntoTask(std::move(mapping), range,
                   Napi::Uint8Array::New(env, static_cast<std::size_t>(range.byte_length()))) {}

Napi::Value ReadTask::result(Napi::Env env) {
  Napi::Object read = Napi::Object::New(env);
  read.Set("unreadable", unreadable(env));
  read.Set("bytes", target());
  return read;
}

}  // namespace mapscope
