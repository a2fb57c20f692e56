#include "mapping_wrap.h"

#include <cerrno>
#include <span>
#include <utility>

#include "environment.h"
#include "guarded/copy.h"
#include "guarded/file_end.h"
#include "guarded/scan.h"
#include "jobs/find_task.h"
#include "jobs/flush_task.h"
#include "jobs/match_task.h"
#include "jobs/read_task.h"
#include "jobs/write_task.h"
#include "mapping_arguments.h"
#include "pattern_arguments.h"
#include "pattern_wrap.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Random; says "made by this class" on every object of it.
constexpr napi_type_tag kTag = {0x6d0f1c8ea2b94d37, 0x9b53e4f07c61a8d2};

}  // namespace

Napi::Function MappingWrap::define(Napi::Env env) {
  using Self = MappingWrap;
  Napi::Function mapping_class =
      DefineClass(env, "Mapping",
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
                      InstanceMethod<&Self::match_async>("matchAsync"),
                      InstanceMethod<&Self::move>("move"),
                      InstanceMethod<&Self::advise>("advise"),
                      InstanceMethod<&Self::advise_async>("adviseAsync"),
                      InstanceMethod<&Self::lock>("lock"),
                      InstanceMethod<&Self::unlock>("unlock"),
                      InstanceMethod<&Self::set_name>("setName"),
                      InstanceMethod<&Self::residency>("residency"),
                      InstanceMethod<&Self::tells_residency>("tellsResidency"),
                      InstanceMethod<&Self::read_cached>("readCached"),
                      InstanceMethod<&Self::release_cache_async>("releaseCacheAsync"),
                      InstanceMethod<&Self::populate_async>("populateAsync"),
                      InstanceMethod<&Self::read_into_async>("readIntoAsync"),
                      InstanceMethod<&Self::resize>("resize"),
                      InstanceMethod<&Self::remap>("remap"),
                      InstanceMethod<&Self::release_pages>("releasePages"),
                      InstanceMethod<&Self::status>("status"),
                      InstanceMethod<&Self::seek_data>("seekData"),
                      InstanceMethod<&Self::seek_hole>("seekHole"),
                      InstanceMethod<&Self::close>("close"),
                      InstanceMethod<&Self::export_range>("exportRange"),
                      InstanceMethod<&Self::release_export>("releaseExport"),
                      InstanceMethod<&Self::export_shared>("exportShared"),
                      InstanceAccessor<&Self::exports>("exports"),
                      InstanceMethod<&Self::window>("window"),
                      InstanceMethod<&Self::close_window>("closeWindow"),
                      InstanceMethod<&Self::latin1>("latin1"),
                      InstanceMethod<&Self::share>("share"),
                      InstanceMethod<&Self::take_view_fault>("takeViewFault"),
                      InstanceMethod<&Self::byte_stats_async>("byteStatsAsync"),
                      InstanceMethod<&Self::strings_async>("stringsAsync"),
                      InstanceMethod<&Self::equal_runs_async>("equalRunsAsync"),
                      InstanceMethod<&Self::compare_async>("compareAsync"),
                  });
  Environment::of(env).mapping_class = Napi::Persistent(mapping_class);
  return mapping_class;
}

MappingWrap* MappingWrap::Unwrap(Napi::Object self) {
  bool is_ours = false;
  const napi_status status = napi_check_object_type_tag(self.Env(), self, &kTag, &is_ours);
  if (status != napi_ok || !is_ours)
    throw Napi::TypeError::New(self.Env(), "this is not a Mapping");
  return Napi::ObjectWrap<MappingWrap>::Unwrap(self);
}

MappingWrap::MappingWrap(const Info& info) : Napi::ObjectWrap<MappingWrap>(info) {
  // Handed over by openShared, or one of its own.
  mapping_ = std::move(Environment::of(info.Env()).opening);
  if (!mapping_)
    mapping_ = HeldMapping(value_or_throw(info.Env(), Mapping::open(map_options(info))));
  view_faults_.emplace(*mapping_);
  byte_length_ = static_cast<double>(mapping_->byte_length());
  if (napi_type_tag_object(info.Env(), info.This(), &kTag) != napi_ok)
    throw Napi::Error::New(info.Env());
}

// Collected, or its environment ends: exports that are still out keep what they need.
MappingWrap::~MappingWrap() { windows_.detach(Env()); }

const Mapping& MappingWrap::open_mapping() {
  if (!mapping_) throw closed_error(Env());
  if (view_faults_->may_have_news()) throw_view_faults();
  return *mapping_;
}

const Mapping& MappingWrap::readable_mapping() {
  const Mapping& mapping = open_mapping();
  // A touch of pages without the right to is SIGSEGV, which nothing guards against.
  if (!mapping.is_readable()) throw failure_error(Env(), OsError{EACCES, "read"});
  return mapping;
}

const Mapping& MappingWrap::writable_mapping() {
  const Mapping& mapping = open_mapping();
  if (!mapping.is_writable()) throw failure_error(Env(), OsError{EACCES, "write"});
  return mapping;
}

Napi::Value MappingWrap::byte_length(const Info& info) {
  return Napi::Number::New(info.Env(), byte_length_);
}

Napi::Value MappingWrap::closed(const Info& info) {
  return Napi::Boolean::New(info.Env(), !mapping_);
}

void MappingWrap::copy_out(const Info& info) {
  const Mapping& mapping = readable_mapping();
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
  const Mapping& mapping = readable_mapping();
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
  const Mapping& mapping = readable_mapping();
  const auto [needle, range, direction] = find_arguments(info, mapping);
  Finder finder(needle, direction, range.byte_length());
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
  const Range range = pages_and_length(info, mapping);
  throw_if_failed(info.Env(), mapping.flush(range.start, range.byte_length()));
}

Napi::Value MappingWrap::read_async(const Info& info) {
  const Range range = offset_and_length(info, readable_mapping());
  if (range.byte_length() > ReadTask::kMaxByteLength) {
    throw Napi::RangeError::New(
        info.Env(), "byteLength must be at most 64 MiB in one readAsync: read in pieces");
  }
  return start_job(info.Env(), std::make_unique<ReadTask>(info.Env(), mapping_.for_job(), range));
}

Napi::Value MappingWrap::write_async(const Info& info) {
  const Mapping& mapping = writable_mapping();
  const auto source = bytes_argument(info[1], "source");
  const Range range = offset_and_bytes(info, mapping, source);
  return start_job(info.Env(),
                   std::make_unique<WriteTask>(mapping_.for_job(), range.start, source));
}

Napi::Value MappingWrap::find_async(const Info& info) {
  const auto [needle, range, direction] = find_arguments(info, readable_mapping());
  return start_job(info.Env(),
                   std::make_unique<FindTask>(mapping_.for_job(), needle, range, direction));
}

Napi::Value MappingWrap::flush_async(const Info& info) {
  const Range range = pages_and_length(info, open_mapping());
  return start_job(info.Env(), std::make_unique<FlushTask>(mapping_.for_job(), range));
}

Napi::Value MappingWrap::match_async(const Info& info) {
  const Mapping& mapping = readable_mapping();
  const auto& pattern = PatternWrap::Unwrap(object_argument(info[0], "pattern"))->pattern();
  const Range range{integer_argument(info[1], "start"), integer_argument(info[2], "end")};
  const MatchRequest request =
      match_request(info[3], range_within(info.Env(), range, mapping.byte_length()), *pattern);
  return start_job(info.Env(), std::make_unique<MatchTask>(mapping_.for_job(), pattern, request,
                                                           page_use(info[3])));
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

void MappingWrap::close(const Info& info) {
  if (!mapping_) return;
  untold_when_closed_ = take_untold_fault();
  windows_.detach(info.Env());
  exports_->close(info.Env());
  shared_exports_.close();
  view_faults_.reset();
  mapping_.reset();
}

}  // namespace mapscope
