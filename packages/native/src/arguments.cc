#include "arguments.h"

#include <cmath>
#include <limits>

namespace mapscope {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

[[noreturn]] void refuse_type(const Napi::Value& value, const char* name, const char* expected) {
  throw Napi::TypeError::New(value.Env(), std::string(name) + " must be " + expected);
}

[[noreturn]] void refuse_range(Napi::Env env, const std::string& message) {
  throw Napi::RangeError::New(env, message);
}

}  // namespace

std::uint64_t integer_argument(const Napi::Value& value, const char* name) {
  if (!value.IsNumber()) refuse_type(value, name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  // NaN fails the first comparison, so what gets past is a number that converts exactly.
  if (!(number >= 0 && number <= kMaxSafeInteger) || std::trunc(number) != number) {
    refuse_range(value.Env(), std::string(name) + " must be an integer from 0 to 2^53 - 1");
  }
  return static_cast<std::uint64_t>(number);
}

int descriptor_argument(const Napi::Value& value, const char* name) {
  const std::uint64_t number = integer_argument(value, name);
  if (number > std::numeric_limits<int>::max())
    refuse_range(value.Env(), std::string(name) + " is no file descriptor");
  return static_cast<int>(number);
}

bool boolean_argument(const Napi::Value& value, const char* name) {
  if (!value.IsBoolean()) refuse_type(value, name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::string string_argument(const Napi::Value& value, const char* name) {
  if (!value.IsString()) refuse_type(value, name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

Napi::Object object_argument(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) refuse_type(value, name, "an object");
  return value.As<Napi::Object>();
}

std::span<std::byte> bytes_argument(const Napi::Value& value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    refuse_type(value, name, "a Uint8Array");
  }
  auto array = value.As<Napi::Uint8Array>();
  return std::as_writable_bytes(std::span(array.Data(), array.ElementLength()));
}

Range range_within(Napi::Env env, Range range, std::uint64_t limit) {
  if (range.start <= range.end && range.end <= limit) return range;
  refuse_range(env, "bytes " + std::to_string(range.start) + " to " + std::to_string(range.end) +
                        " are not inside the mapping's " + std::to_string(limit));
}

}  // namespace mapscope
