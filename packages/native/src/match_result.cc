#include "match_result.h"

#include <algorithm>
#include <span>

#include "to_js.h"

namespace mapscope {
namespace {

Napi::Float64Array offsets_array(Napi::Env env, std::span<const double> offsets) {
  Napi::Float64Array array = Napi::Float64Array::New(env, offsets.size());
  std::copy(offsets.begin(), offsets.end(), array.Data());
  return array;
}

template <class Of>
Napi::Uint32Array details_array(Napi::Env env, std::span<const std::uint32_t> details, Of of) {
  Napi::Uint32Array array = Napi::Uint32Array::New(env, details.size());
  std::transform(details.begin(), details.end(), array.Data(), of);
  return array;
}

}  // namespace

Napi::Object match_result(Napi::Env env, const MatchWalk& walk,
                          const std::vector<Range>& unreadable, bool is_cancelled) {
  const Pattern& pattern = walk.pattern();
  Napi::Object result = Napi::Object::New(env);
  result.Set("count", offset_number(env, walk.count()));
  result.Set("offsets", offsets_array(env, walk.offsets()));
  if (pattern.min_byte_length() != pattern.max_byte_length()) {
    result.Set("byteLengths", details_array(env, walk.details(), [&pattern](std::uint32_t detail) {
                 return static_cast<std::uint32_t>(pattern.byte_length_of(detail));
               }));
  }
  if (pattern.has_which()) {
    result.Set("which",
               details_array(env, walk.details(), [](std::uint32_t detail) { return detail; }));
  }
  result.Set("scannedTo", offset_number(env, walk.scanned_to()));
  result.Set("cancelled", Napi::Boolean::New(env, is_cancelled));
  result.Set("unreadable", range_pairs(env, unreadable));
  return result;
}

}  // namespace mapscope
