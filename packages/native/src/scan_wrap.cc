// The methods of Mapping that summarise bytes: statistics, runs, differences.
#include <climits>

#include "jobs/compare_task.h"
#include "jobs/runs_task.h"
#include "jobs/stats_task.h"
#include "mapping_arguments.h"
#include "mapping_wrap.h"

namespace mapscope {
namespace {

// Counts of a block are 32 bits wide, and one answer is made on the JavaScript thread.
constexpr std::uint64_t kMaxBlocks = 1 << 22;

std::uint64_t positive_argument(const Napi::Value& value, const char* name, std::uint64_t most) {
  const std::uint64_t number = integer_argument(value, name);
  if (number == 0 || number > most) {
    throw Napi::RangeError::New(value.Env(),
                                std::string(name) + " must be from 1 to " + std::to_string(most));
  }
  return number;
}

// What { limit, isEnd, resume } of both kinds of runs say.
RunsRequest runs_request(const Napi::Object& options, const RunKind& kind,
                         std::uint64_t characters) {
  return RunsRequest{
      &kind, characters, positive_argument(options.Get("limit"), "limit", UINT32_MAX),
      boolean_argument(options.Get("isEnd"), "isEnd"), run_state_argument(options.Get("resume"))};
}

}  // namespace

Napi::Value MappingWrap::byte_stats_async(const Info& info) {
  const Range range = offset_and_length(info, readable_mapping());
  const std::uint64_t block = positive_argument(info[2], "blockByteLength", UINT32_MAX);
  if (range.byte_length() / block > kMaxBlocks)
    throw Napi::RangeError::New(info.Env(), "at most 2^22 blocks in one byteStatsAsync");
  return start_job(info.Env(), std::make_unique<StatsTask>(mapping_.for_job(), range, block));
}

Napi::Value MappingWrap::strings_async(const Info& info) {
  const Range range = offset_and_length(info, readable_mapping());
  const Napi::Object options = object_argument(info[2], "options");
  const RunKind* const kind = text_kind(string_argument(options.Get("encoding"), "encoding"));
  if (kind == nullptr)
    throw Napi::RangeError::New(info.Env(), "encoding must be ascii, utf8, utf16le or utf16be");
  const std::uint64_t least = positive_argument(options.Get("minLength"), "minLength", UINT32_MAX);
  return start_job(info.Env(), std::make_unique<RunsTask>(mapping_.for_job(), range,
                                                          runs_request(options, *kind, least)));
}

Napi::Value MappingWrap::equal_runs_async(const Info& info) {
  const Range range = offset_and_length(info, readable_mapping());
  const Napi::Object options = object_argument(info[2], "options");
  const std::uint64_t least =
      positive_argument(options.Get("minByteLength"), "minByteLength", UINT32_MAX);
  if (least < 2) throw Napi::RangeError::New(info.Env(), "minByteLength must be at least 2");
  return start_job(info.Env(),
                   std::make_unique<RunsTask>(mapping_.for_job(), range,
                                              runs_request(options, kEqualBytes, least - 1)));
}

// (other, offset, otherOffset, byteLength, limit)
Napi::Value MappingWrap::compare_async(const Info& info) {
  MappingWrap& other = *Unwrap(object_argument(info[0], "other"));
  const std::uint64_t offset = integer_argument(info[1], "offset");
  const std::uint64_t other_offset = integer_argument(info[2], "otherOffset");
  const std::uint64_t byte_length = integer_argument(info[3], "byteLength");
  const std::uint64_t limit = positive_argument(info[4], "limit", UINT32_MAX);
  const Range range = range_within(info.Env(), Range{offset, offset + byte_length},
                                   readable_mapping().byte_length());
  range_within(info.Env(), Range{other_offset, other_offset + byte_length},
               other.readable_mapping().byte_length());
  return start_job(info.Env(), std::make_unique<CompareTask>(
                                   mapping_.for_job(), CompareRequest{other.mapping_.for_job(),
                                                                      range, other_offset, limit}));
}

}  // namespace mapscope
