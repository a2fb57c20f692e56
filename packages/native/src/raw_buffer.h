// ArrayBuffers over memory that is not the engine's.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace mapscope {

// Throws RANGE when this engine has no buffer of that length.
void require_buffer_length(Napi::Env env, std::uint64_t byte_length);

// `owner` is kept until the engine lets go of the memory: after the buffer was detached or
// collected, and not before a buffer that it was transferred to. Nothing where the runtime allows
// no such buffers (Electron). The length has been checked.
std::optional<Napi::ArrayBuffer> raw_buffer(Napi::Env env, std::byte* data,
                                            std::uint64_t byte_length, std::shared_ptr<void> owner);

}  // namespace mapscope
