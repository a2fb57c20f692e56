// JavaScript values into C++ ones. TypeScript above has checked them; here a wrong one is a
// TypeError or RangeError, never undefined behaviour.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "guarded/touch.h"

namespace mapscope {

// An exact integer from 0 to 2^53 - 1.
std::uint64_t integer_argument(const Napi::Value& value, const char* name);
int descriptor_argument(const Napi::Value& value, const char* name);
bool boolean_argument(const Napi::Value& value, const char* name);
std::string string_argument(const Napi::Value& value, const char* name);
Napi::Object object_argument(const Napi::Value& value, const char* name);

// The array's own memory, which lives as long as the call.
std::span<std::byte> bytes_argument(const Napi::Value& value, const char* name);

// The same range, once it is known to lie inside a mapping of `limit` bytes. (Exact integers cannot
// overflow when added.)
Range range_within(Napi::Env env, Range range, std::uint64_t limit);

}  // namespace mapscope
