#include "raw_buffer.h"

#include <string>
#include <utility>

#include "environment.h"
#include "to_js.h"

namespace mapscope {
namespace {

using Owner = std::shared_ptr<void>;

void on_freed(napi_env, void*, void* hint) { delete static_cast<Owner*>(hint); }

}  // namespace

void require_buffer_length(Napi::Env env, std::uint64_t byte_length) {
  const std::uint64_t limit = Environment::of(env).max_buffer_length;
  if (byte_length <= limit) return;
  throw range_error(env, "a buffer of " + std::to_string(byte_length) +
                             " bytes is longer than the " + std::to_string(limit) +
                             " that this engine has: take a part");
}

// The engine counts the length as memory of its own, though it is page cache. That is left as it
// is: Node 24 and 26 abort when what was counted is not there any more as a buffer goes, and a live
// one of a TiB changes nothing about how often garbage is collected (measured on 20, 22, 24 and
// 26). Only its making does: a collection for one beyond some GiB, and none for one below 64 MiB.
std::optional<Napi::ArrayBuffer> raw_buffer(Napi::Env env, std::byte* data,
                                            std::uint64_t byte_length,
                                            std::shared_ptr<void> owner) {
  auto kept = std::make_unique<Owner>(std::move(owner));
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(
      env, data, static_cast<std::size_t>(byte_length), on_freed, kept.get(), &buffer);
  if (status == napi_no_external_buffers_allowed) return std::nullopt;
  // After any other failure it does not say whether it has freed it, will, or never does.
  static_cast<void>(kept.release());
  if (status != napi_ok) throw Napi::Error::New(env);
  return Napi::ArrayBuffer(env, buffer);
}

}  // namespace mapscope
