// The arguments of a mapping's methods, checked against that mapping.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "arguments.h"
#include "kernels/find.h"
#include "os/mapping.h"

namespace mapscope {

// (fd, { offset, byteLength, access, protection, flags, keepsFile })
MapOptions map_options(const Napi::CallbackInfo& info);

void require_page_multiple(Napi::Env env, std::uint64_t offset);

// (offset, byteLength, ...)
Range offset_and_length(const Napi::CallbackInfo& info, const Mapping& mapping);

// (offset, byteLength), from the start of a page
Range pages_and_length(const Napi::CallbackInfo& info, const Mapping& mapping);

// (offset, bytes)
Range offset_and_bytes(const Napi::CallbackInfo& info, const Mapping& mapping,
                       std::span<std::byte> bytes);

// (offset)
std::uint64_t offset_of_byte(const Napi::CallbackInfo& info, const Mapping& mapping);

std::byte byte_argument(const Napi::Value& value);

// (needle, start, end, isReverse)
struct FindArguments {
  std::span<std::byte> needle;
  Range range;
  Direction direction;
};

FindArguments find_arguments(const Napi::CallbackInfo& info, const Mapping& mapping);

}  // namespace mapscope
