#include "mapping_wrap.h"

#include <cerrno>
#include <span>
#include <string>
#include <utility>

#include "arguments.h"
#include "guarded/copy.h"
#include "guarded/file_end.h"
#include "guarded/scan.h"
#include "jobs/find_task.h"
#include "jobs/flush_task.h"
#include "jobs/read_task.h"
#include "jobs/write_task.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Random; says "made by this class" on every object of it.
constexpr napi_type_tag kTag = {0x6d0f1c8ea2b94d37, 0x9b53e4f07c61a8d2};

Access access_argument(const Napi::Value& value) {
  const std::string access = string_argument(value, "access");
  if (access == "read") return Access::kRead;
  if (access == "write") return Access::kWrite;
  if (access == "copy") return Access::kCopy;
  throw Napi::RangeError::New(value.Env(), "access must be 'read', 'write' or 'copy'");
}

void require_page_multiple(Napi::Env env, std::uint64_t offset) {
  if (offset % page_size() != 0)
    throw Napi::RangeError::New(env, "offset must be a multiple of pageSize");
}

MapOptions map_options(const Napi::CallbackInfo& info) {
  const Napi::Object options = object_argument(info[1], "options");
  const MapOptions wanted{
      .fd = descriptor_argument(info[0], "fd"),
      .offset = integer_argument(options.Get("offset"), "offset"),
      .byte_length = integer_argument(options.Get("byteLength"), "byteLength"),
      .access = access_argument(options.Get("access")),
  };
  require_page_multiple(info.Env(), wanted.offset);
  if (wanted.byte_length == 0)
    throw Napi::RangeError::New(info.Env(), "byteLength must be at least 1");
  return wanted;
}

// (offset, byteLength, ...)
Range offset_and_length(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  const std::uint64_t byte_length = integer_argument(info[1], "byteLength");
  return range_within(info.Env(), Range{offset, offset + byte_length}, mapping.byte_length());
}

// (offset, byteLength), of whole pages
Range pages_to_flush(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const Range range = offset_and_length(info, mapping);
  require_page_multiple(info.Env(), range.start);
  return range;
}

// (offset, bytes)
Range offset_and_bytes(const Napi::CallbackInfo& info, const Mapping& mapping,
                       std::span<std::byte> bytes) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  return range_within(info.Env(), Range{offset, offset + bytes.size()}, mapping.byte_length());
}

// (offset)
std::uint64_t offset_of_byte(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const std::uint64_t offset = integer_argument(info[0], "offset");
  return range_within(info.Env(), Range{offset, offset + 1}, mapping.byte_length()).start;
}

std::byte byte_argument(const Napi::Value& value) {
  const std::uint64_t number = integer_argument(value, "value");
  if (number > 0xff) throw Napi::RangeError::New(value.Env(), "value must be from 0 to 255");
  return static_cast<std::byte>(number);
}

// (needle, start, end, isReverse)
struct FindArguments {
  std::span<std::byte> needle;
  Range range;
  Direction direction;
};

FindArguments find_arguments(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const auto needle = bytes_argument(info[0], "needle");
  const Range range{integer_argument(info[1], "start"), integer_argument(info[2], "end")};
  const bool is_reverse = boolean_argument(info[3], "isReverse");
  if (needle.size() > UINT32_MAX)
    throw Napi::RangeError::New(info.Env(), "needle must be shorter than 4 GiB");
  return FindArguments{needle, range_within(info.Env(), range, mapping.byte_length()),
                       is_reverse ? Direction::kReverse : Direction::kForward};
}

template <class F>
void throw_if_failed(Napi::Env env, const std::optional<F>& failure) {
  if (failure) throw failure_error(env, *failure);
}

}  // namespace

Napi::Function MappingWrap::define(Napi::Env env) {
  using Self = MappingWrap;
  return DefineClass(env, "Mapping",
                     {
                         InstanceAccessor<&Self::byte_length>("byteLength"),
                         InstanceAccessor<&Self::closed>("closed"),
                         InstanceMethod<&Self::copy_out>("copyOut"),
                         InstanceMethod<&Self::copy_in>("copyIn"),
                         InstanceMethod<&Self::get_byte>("getByte"),
                         InstanceMethod<&Self::set_byte>("setByte"),
                         InstanceMethod<&Self::find>("find"),
                         InstanceMethod<&Self::flush>("flush"),
                         InstanceMethod<&Self::read_async>("readAsync"),
                         InstanceMethod<&Self::write_async>("writeAsync"),
                         InstanceMethod<&Self::find_async>("findAsync"),
                         InstanceMethod<&Self::flush_async>("flushAsync"),
                         InstanceMethod<&Self::release_pages>("releasePages"),
                         InstanceMethod<&Self::status>("status"),
                         InstanceMethod<&Self::seek_data>("seekData"),
                         InstanceMethod<&Self::seek_hole>("seekHole"),
                         InstanceMethod<&Self::close>("close"),
                     });
}

MappingWrap* MappingWrap::Unwrap(Napi::Object self) {
  bool is_ours = false;
  const napi_status status = napi_check_object_type_tag(self.Env(), self, &kTag, &is_ours);
  if (status != napi_ok || !is_ours)
    throw Napi::TypeError::New(self.Env(), "this is not a Mapping");
  return Napi::ObjectWrap<MappingWrap>::Unwrap(self);
}

MappingWrap::MappingWrap(const Info& info) : Napi::ObjectWrap<MappingWrap>(info) {
  mapping_ =
      std::make_shared<const Mapping>(value_or_throw(info.Env(), Mapping::open(map_options(info))));
  byte_length_ = static_cast<double>(mapping_->byte_length());
  if (napi_type_tag_object(info.Env(), info.This(), &kTag) != napi_ok)
    throw Napi::Error::New(info.Env());
}

const Mapping& MappingWrap::open_mapping() const {
  if (mapping_ == nullptr) throw closed_error(Env());
  return *mapping_;
}

const Mapping& MappingWrap::writable_mapping() const {
  const Mapping& mapping = open_mapping();
  // A store to pages mapped for reading is SIGSEGV, which nothing guards against.
  if (!mapping.is_writable()) throw failure_error(Env(), OsError{EACCES, "write"});
  return mapping;
}

Napi::Value MappingWrap::byte_length(const Info& info) {
  return Napi::Number::New(info.Env(), byte_length_);
}

Napi::Value MappingWrap::closed(const Info& info) {
  return Napi::Boolean::New(info.Env(), mapping_ == nullptr);
}

void MappingWrap::copy_out(const Info& info) {
  const Mapping& mapping = open_mapping();
  const auto target = bytes_argument(info[1], "target");
  const Range range = offset_and_bytes(info, mapping, target);
  throw_if_failed(info.Env(),
                  mapscope::copy_out(mapping, range.start, target.data(), target.size()));
}

void MappingWrap::copy_in(const Info& info) {
  const Mapping& mapping = writable_mapping();
  const auto source = bytes_argument(info[1], "source");
  const Range range = offset_and_bytes(info, mapping, source);
  throw_if_failed(info.Env(),
                  mapscope::copy_in(mapping, range.start, source.data(), source.size()));
}

Napi::Value MappingWrap::get_byte(const Info& info) {
  const Mapping& mapping = open_mapping();
  std::byte value{};
  throw_if_failed(info.Env(), mapscope::get_byte(mapping, offset_of_byte(info, mapping), value));
  return Napi::Number::New(info.Env(), std::to_integer<int>(value));
}

void MappingWrap::set_byte(const Info& info) {
  const Mapping& mapping = writable_mapping();
  const std::uint64_t offset = offset_of_byte(info, mapping);
  throw_if_failed(info.Env(), mapscope::set_byte(mapping, offset, byte_argument(info[1])));
}

Napi::Value MappingWrap::find(const Info& info) {
  const Mapping& mapping = open_mapping();
  const auto [needle, range, direction] = find_arguments(info, mapping);
  const Finder finder(needle, direction);
  Scan scan(mapping, finder, range);
  while (scan.step()) {
    if (!scan.unreadable().is_empty()) break;
  }
  if (!scan.unreadable().is_empty()) {
    throw failure_error(info.Env(), fault_at(mapping, scan.unreadable().met().front().start));
  }
  return scan.match() ? offset_number(info.Env(), *scan.match())
                      : Napi::Number::New(info.Env(), -1);
}

void MappingWrap::flush(const Info& info) {
  const Mapping& mapping = open_mapping();
  const Range range = pages_to_flush(info, mapping);
  throw_if_failed(info.Env(), mapping.flush(range.start, range.byte_length()));
}

Napi::Value MappingWrap::read_async(const Info& info) {
  const Range range = offset_and_length(info, open_mapping());
  if (range.byte_length() > ReadTask::kMaxByteLength) {
    throw Napi::RangeError::New(
        info.Env(), "byteLength must be at most 64 MiB in one readAsync: read in pieces");
  }
  return start_job(info.Env(), std::make_unique<ReadTask>(info.Env(), mapping_, range));
}

Napi::Value MappingWrap::write_async(const Info& info) {
  const Mapping& mapping = writable_mapping();
  const auto source = bytes_argument(info[1], "source");
  const Range range = offset_and_bytes(info, mapping, source);
  return start_job(info.Env(), std::make_unique<WriteTask>(mapping_, range.start, source));
}

Napi::Value MappingWrap::find_async(const Info& info) {
  const auto [needle, range, direction] = find_arguments(info, open_mapping());
  return start_job(info.Env(), std::make_unique<FindTask>(mapping_, needle, range, direction));
}

Napi::Value MappingWrap::flush_async(const Info& info) {
  const Range range = pages_to_flush(info, open_mapping());
  return start_job(info.Env(), std::make_unique<FlushTask>(mapping_, range));
}

void MappingWrap::release_pages(const Info& info) {
  const Mapping& mapping = open_mapping();
  const Range range = offset_and_length(info, mapping);
  throw_if_failed(info.Env(), mapping.release_pages(range.start, range.byte_length()));
}

Napi::Value MappingWrap::status(const Info& info) {
  return file_status_object(info.Env(), value_or_throw(info.Env(), open_mapping().status()));
}

Napi::Value MappingWrap::seek_data(const Info& info) {
  const Mapping& mapping = open_mapping();
  const auto found =
      value_or_throw(info.Env(), mapping.seek_data(integer_argument(info[0], "fileOffset")));
  return Napi::Number::New(info.Env(), static_cast<double>(found));
}

Napi::Value MappingWrap::seek_hole(const Info& info) {
  const Mapping& mapping = open_mapping();
  const auto found =
      value_or_throw(info.Env(), mapping.seek_hole(integer_argument(info[0], "fileOffset")));
  return Napi::Number::New(info.Env(), static_cast<double>(found));
}

void MappingWrap::close(const Info&) { mapping_.reset(); }

}  // namespace mapscope
