// The methods of Mapping that tell the kernel about pages, ask it, or bring them in.
#include <climits>
#include <utility>
#include <vector>

#include "guarded/move.h"
#include "jobs/advise_task.h"
#include "jobs/populate_task.h"
#include "jobs/read_into_task.h"
#include "jobs/release_cache_task.h"
#include "mapping_arguments.h"
#include "mapping_wrap.h"
#include "os/advice.h"
#include "os/cached_read.h"
#include "os/file_cache.h"
#include "os/page_lock.h"
#include "os/page_name.h"
#include "os/residency.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Of 256 GiB in pages of 4 KiB. The answer is made on the JavaScript thread, in some seconds then.
constexpr std::uint64_t kMaxPagesAsked = 1 << 26;

// (to, from, byteLength)
Move move_arguments(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const Move move{integer_argument(info[0], "to"), integer_argument(info[1], "from"),
                  integer_argument(info[2], "byteLength")};
  for (const std::uint64_t start : {move.to, move.from})
    range_within(info.Env(), Range{start, start + move.byte_length}, mapping.byte_length());
  return move;
}

// (advice, offset, byteLength)
struct AdviseArguments {
  int advice;
  Range range;
};

AdviseArguments advise_arguments(const Napi::CallbackInfo& info, const Mapping& mapping) {
  const std::uint64_t advice = integer_argument(info[0], "advice");
  if (advice > INT_MAX) throw Napi::RangeError::New(info.Env(), "advice must be an int");
  const std::uint64_t offset = integer_argument(info[1], "offset");
  const std::uint64_t byte_length = integer_argument(info[2], "byteLength");
  require_page_multiple(info.Env(), offset);
  const Range range =
      range_within(info.Env(), Range{offset, offset + byte_length}, mapping.byte_length());
  return AdviseArguments{static_cast<int>(advice), range};
}

// [start0, end0, start1, end1, ...]
std::vector<Range> range_pairs(const Napi::Value& value, const Mapping& mapping) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "ranges must be an array");
  const auto pairs = value.As<Napi::Array>();
  std::vector<Range> ranges;
  ranges.reserve(pairs.Length() / 2);
  for (std::uint32_t at = 0; at < pairs.Length(); at += 2) {
    const Range range{integer_argument(pairs.Get(at), "start"),
                      integer_argument(pairs.Get(at + 1), "end")};
    ranges.push_back(range_within(value.Env(), range, mapping.byte_length()));
  }
  return ranges;
}

}  // namespace

void MappingWrap::move(const Info& info) {
  const Mapping& mapping = writable_mapping();
  throw_if_failed(info.Env(), move_bytes(mapping, move_arguments(info, mapping)));
}

void MappingWrap::advise(const Info& info) {
  const Mapping& mapping = open_mapping();
  const auto [advice, range] = advise_arguments(info, mapping);
  throw_if_failed(info.Env(), mapscope::advise(mapping, advice, range.start, range.byte_length()));
}

Napi::Value MappingWrap::advise_async(const Info& info) {
  const auto [advice, range] = advise_arguments(info, open_mapping());
  return start_job(info.Env(), std::make_unique<AdviseTask>(mapping_.for_job(), advice, range));
}

void MappingWrap::lock(const Info& info) {
  const Mapping& mapping = open_mapping();
  const Range range = offset_and_length(info, mapping);
  throw_if_failed(info.Env(), lock_pages(mapping, range.start, range.byte_length()));
}

void MappingWrap::unlock(const Info& info) {
  const Mapping& mapping = open_mapping();
  const Range range = offset_and_length(info, mapping);
  throw_if_failed(info.Env(), unlock_pages(mapping, range.start, range.byte_length()));
}

void MappingWrap::set_name(const Info& info) {
  const Mapping& mapping = open_mapping();
  throw_if_failed(info.Env(), name_pages(mapping, string_argument(info[0], "name")));
}

Napi::Value MappingWrap::residency(const Info& info) {
  const Mapping& mapping = open_mapping();
  const Range range = offset_and_length(info, mapping);
  const std::uint64_t count = page_count(range.start, range.byte_length());
  if (count > kMaxPagesAsked)
    throw Napi::RangeError::New(info.Env(), "at most 2^26 pages in one residency: ask in pieces");
  auto bitmap = Napi::Uint8Array::New(info.Env(), static_cast<std::size_t>((count + 7) / 8));
  throw_if_failed(info.Env(),
                  mapscope::residency(mapping, range.start, range.byte_length(), bitmap.Data()));
  return bitmap;
}

Napi::Value MappingWrap::tells_residency(const Info& info) {
  return Napi::Boolean::New(info.Env(), mapscope::tells_residency(open_mapping()));
}

Napi::Value MappingWrap::read_cached(const Info& info) {
  const Mapping& mapping = readable_mapping();
  const auto target = bytes_argument(info[1], "target");
  const Range range = offset_and_bytes(info, mapping, target);
  switch (mapscope::read_cached(mapping, range.start, target.data(), target.size())) {
    case CachedRead::kRead:
      return Napi::Boolean::New(info.Env(), true);
    case CachedRead::kNotThere:
      return Napi::Boolean::New(info.Env(), false);
    case CachedRead::kUnsupported:
      break;
  }
  return info.Env().Undefined();
}

Napi::Value MappingWrap::release_cache_async(const Info& info) {
  std::vector<Range> ranges = range_pairs(info[0], open_mapping());
  return start_job(info.Env(),
                   std::make_unique<ReleaseCacheTask>(mapping_.for_job(), std::move(ranges)));
}

Napi::Value MappingWrap::populate_async(const Info& info) {
  const Range range = offset_and_length(info, readable_mapping());
  return start_job(info.Env(), std::make_unique<PopulateTask>(mapping_.for_job(), range));
}

Napi::Value MappingWrap::read_into_async(const Info& info) {
  const Mapping& mapping = readable_mapping();
  const Range range = offset_and_bytes(info, mapping, bytes_argument(info[1], "target"));
  return start_job(info.Env(), std::make_unique<ReadIntoTask>(mapping_.for_job(), range,
                                                              info[1].As<Napi::Uint8Array>()));
}

}  // namespace mapscope
