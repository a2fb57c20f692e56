#include "mapping_arguments.h"

#include <cmath>
#include <limits>
#include <string>

namespace mapscope {
namespace {

Access access_argument(const Napi::Value& value) {
  const std::string access = string_argument(value, "access");
  if (access == "read") return Access::kRead;
  if (access == "write") return Access::kWrite;
  if (access == "copy") return Access::kCopy;
  throw Napi::RangeError::New(value.Env(), "access must be 'read', 'write' or 'copy'");
}

// An int of the system's; its top bit may be set.
int bits_argument(const Napi::Value& value, const char* name) {
  const std::uint64_t bits = integer_argument(value, name);
  if (bits > std::numeric_limits<std::uint32_t>::max())
    throw Napi::RangeError::New(value.Env(), std::string(name) + " has more bits than 32");
  return static_cast<int>(static_cast<std::uint32_t>(bits));
}

MapBits bits_of(const Napi::Object& options) {
  MapBits bits = map_bits(access_argument(options.Get("access")));
  const Napi::Value protection = options.Get("protection");
  const Napi::Value flags = options.Get("flags");
  if (!protection.IsUndefined()) bits.protection = bits_argument(protection, "protection");
  if (!flags.IsUndefined()) bits.flags = bits_argument(flags, "flags");
  return bits;
}

// -1 is none; any other negative number the system refuses, as it does one that is not open.
int descriptor_or_none(const Napi::Value& value) {
  const bool is_number = value.IsNumber();
  const double number = is_number ? value.As<Napi::Number>().DoubleValue() : 0;
  const bool is_negative =
      number < 0 && number >= std::numeric_limits<int>::min() && std::trunc(number) == number;
  return is_negative ? static_cast<int>(number) : descriptor_argument(value, "fd");
}

}  // namespace

MapOptions map_options(const Napi::CallbackInfo& info) {
  const Napi::Object options = object_argument(info[1], "options");
  const Napi::Value keeps_file = options.Get("keepsFile");
  const MapOptions wanted{
      .fd = descriptor_or_none(info[0]),
      .offset = integer_argument(options.Get("offset"), "offset"),
      .byte_length = integer_argument(options.Get("byteLength"), "byteLength"),
      .bits = bits_of(options),
      .keeps_file = keeps_file.IsUndefined() || boolean_argument(keeps_file, "keepsFile"),
  };
  require_page_multiple(info.Env(), wanted.offset);
  if (wanted.byte_length == 0)
    throw Napi::RangeError::New(info.Env(), "byteLength must be at least 1");
  return wanted;
}

void require_page_multiple(Napi::Env env, std::uint64_t offset) {
  if (offset % page_size() != 0)
    throw Napi::RangeError::New(env, "offset must be a multiple of pageSize");
}

Range offset_and_length(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  const std::uint64_t byte_length = integer_argument(info[1], "byteLength");
  return range_within(info.Env(), Range{offset, offset + byte_length}, mapping.byte_length());
}

Range pages_and_length(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const Range range = offset_and_length(info, mapping);
  require_page_multiple(info.Env(), range.start);
  return range;
}

Range offset_and_bytes(const Napi::CallbackInfo& info, const Mapping& mapping,
                       std::span<std::byte> bytes) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  return range_within(info.Env(), Range{offset, offset + bytes.size()}, mapping.byte_length());
}

std::uint64_t offset_of_byte(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  return range_within(info.Env(), Range{offset, offset + 1}, mapping.byte_length()).start;
}

std::byte byte_argument(const Napi::Value& value) {
  const std::uint64_t number = integer_argument(value, "value");
  if (number > 0xff) throw Napi::RangeError::New(value.Env(), "value must be from 0 to 255");
  return static_cast<std::byte>(number);
}

FindArguments find_arguments(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const auto needle = bytes_argument(info[0], "needle");
  const Range range{integer_argument(info[1], "start"), integer_argument(info[2], "end")};
  const bool is_reverse = boolean_argument(info[3], "isReverse");
  if (needle.size() > UINT32_MAX)
    throw Napi::RangeError::New(info.Env(), "needle must be shorter than 4 GiB");
  return FindArguments{needle, range_within(info.Env(), range, mapping.byte_length()),
                       is_reverse ? Direction::kReverse : Direction::kForward};
}

}  // namespace mapscope
