#include "windows.h"

#include <algorithm>
#include <utility>

#include "environment.h"
#include "os/fault_guard.h"
#include "raw_buffer.h"

namespace mapscope {
namespace {

// Without the file a fault could not be healed, and every later call would have to fail.
bool can_be_raw(Napi::Env env, const Mapping& mapping, Range range) {
  return mapping.is_readable() && (mapping.has_file() || mapping.pages()->is_anonymous()) &&
         range.byte_length() <= Environment::of(env).max_buffer_length;
}

// In plain Node-API: it also runs when the environment ends, where nothing may be thrown.
void detach_buffer(Napi::Env env, const Napi::Reference<Napi::Uint8Array>& array) {
  napi_value bytes = nullptr;
  napi_value buffer = nullptr;
  if (napi_get_reference_value(env, array, &bytes) != napi_ok || bytes == nullptr) return;
  if (napi_get_typedarray_info(env, bytes, nullptr, nullptr, nullptr, &buffer, nullptr) == napi_ok)
    napi_detach_arraybuffer(env, buffer);
}

}  // namespace

Napi::Value Windows::open(Napi::Env env, const Mapping& mapping, Range range) {
  for (const Window& window : open_) {
    if (window.range == range) return window.bytes.Value();
  }
  if (!can_be_raw(env, mapping, range)) return env.Undefined();
  mapping.pages()->expose();
  ensure_fault_guard();
  const auto buffer = raw_buffer(env, mapping.data() + range.start, range.byte_length(), nullptr);
  if (!buffer) return env.Undefined();
  const auto bytes =
      Napi::Uint8Array::New(env, static_cast<std::size_t>(range.byte_length()), *buffer, 0);
  open_.push_back(Window{range, Napi::Persistent(bytes)});
  return bytes;
}

void Windows::close(Napi::Env env, Range range) {
  const auto found = std::find_if(open_.begin(), open_.end(),
                                  [&range](const Window& window) { return window.range == range; });
  if (found == open_.end()) return;
  detach_buffer(env, found->bytes);
  open_.erase(found);
}

void Windows::detach(Napi::Env env) {
  for (const Window& window : std::exchange(open_, {})) detach_buffer(env, window.bytes);
}

}  // namespace mapscope
