#include "environment.h"

#include <memory>

namespace mapscope {
namespace {

// Node 20 stops there; it is also what to assume of an engine that does not say.
constexpr std::uint64_t kLeast = std::uint64_t{4} << 30;

// Asked, since too long a buffer is not just refused: Node 20 runs the finalizer, too.
std::uint64_t max_buffer_length(Napi::Env env) {
  const Napi::Value process = env.Global().Get("process");
  if (!process.IsObject()) return kLeast;
  const Napi::Value get_builtin = process.As<Napi::Object>().Get("getBuiltinModule");
  if (!get_builtin.IsFunction()) return kLeast;
  const Napi::Value buffer =
      get_builtin.As<Napi::Function>().Call(process, {Napi::String::New(env, "buffer")});
  if (!buffer.IsObject()) return kLeast;
  const Napi::Value constants = buffer.As<Napi::Object>().Get("constants");
  if (!constants.IsObject()) return kLeast;
  const Napi::Value length = constants.As<Napi::Object>().Get("MAX_LENGTH");
  return length.IsNumber() ? static_cast<std::uint64_t>(length.As<Napi::Number>().DoubleValue())
                           : kLeast;
}

Napi::FunctionReference transfer_of_buffers(Napi::Env env) {
  const Napi::Value buffers = env.Global().Get("ArrayBuffer").As<Napi::Object>().Get("prototype");
  const Napi::Value transfer = buffers.As<Napi::Object>().Get("transfer");
  return transfer.IsFunction() ? Napi::Persistent(transfer.As<Napi::Function>())
                               : Napi::FunctionReference();
}

// Seven members set one by one cost 38,000 instructions, names and shapes looked up anew each time;
// compiled JavaScript has them at hand. Answers over HTTP ask for several.
Napi::FunctionReference status_maker(Napi::Env env) {
  constexpr const char* kSource =
      "(function (byteLength, device, inode, links, modifiedNs, changedNs, kind) {"
      " return { byteLength, device, inode, links, modifiedNs, changedNs, kind } })";
  return Napi::Persistent(env.RunScript(kSource).As<Napi::Function>());
}

}  // namespace

void set_up_environment(Napi::Env env) {
  auto environment = std::make_unique<Environment>();
  environment->max_buffer_length = max_buffer_length(env);
  environment->transfer = transfer_of_buffers(env);
  environment->status_maker = status_maker(env);
  env.SetInstanceData(environment.release());
}

}  // namespace mapscope
