#include "pattern_wrap.h"

#include "arguments.h"
#include "environment.h"
#include "kernels/match_walk.h"
#include "kernels/tiers.h"
#include "match_result.h"
#include "pattern_arguments.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Random; says "made by this class" on every object of it.
constexpr napi_type_tag kTag = {0xb1f6027c94ad4e58, 0x83c50fe1d2764b9a};

}  // namespace

Napi::Function PatternWrap::define(Napi::Env env) {
  using Self = PatternWrap;
  Napi::Function pattern_class =
      DefineClass(env, "Pattern",
                  {
                      InstanceAccessor<&Self::min_byte_length>("minByteLength"),
                      InstanceAccessor<&Self::max_byte_length>("maxByteLength"),
                      InstanceMethod<&Self::match_bytes>("matchBytes"),
                  });
  Environment::of(env).pattern_class = Napi::Persistent(pattern_class);
  return pattern_class;
}

PatternWrap* PatternWrap::Unwrap(Napi::Object self) {
  bool is_ours = false;
  const napi_status status = napi_check_object_type_tag(self.Env(), self, &kTag, &is_ours);
  if (status != napi_ok || !is_ours)
    throw Napi::TypeError::New(self.Env(), "this is not a Pattern: compilePattern makes them");
  return Napi::ObjectWrap<PatternWrap>::Unwrap(self);
}

PatternWrap::PatternWrap(const Info& info)
    : Napi::ObjectWrap<PatternWrap>(info), pattern_(pattern_argument(info)) {
  if (napi_type_tag_object(info.Env(), info.This(), &kTag) != napi_ok)
    throw Napi::Error::New(info.Env());
}

Napi::Value PatternWrap::min_byte_length(const Info& info) {
  return offset_number(info.Env(), pattern_->min_byte_length());
}

Napi::Value PatternWrap::max_byte_length(const Info& info) {
  return offset_number(info.Env(), pattern_->max_byte_length());
}

Napi::Value PatternWrap::match_bytes(const Info& info) {
  const auto bytes = bytes_argument(info[0], "bytes");
  const MatchRequest request = match_request(info[1], Range{0, bytes.size()}, *pattern_);
  const auto* const begin = reinterpret_cast<const Octet*>(bytes.data());
  MatchWalk walk(*pattern_, request);
  while (!walk.is_done()) {
    const auto window = walk.window(0, bytes.size());
    if (!window) {
      walk.finish();
      break;
    }
    walk.scan(*window, begin + window->start);
    walk.take(*window);
  }
  return match_result(info.Env(), walk, {}, false);
}

Napi::Value compile_pattern_function(const Napi::CallbackInfo& info) {
  return Environment::of(info.Env()).pattern_class.New({info[0], info[1]});
}

Napi::Array tiers_array(Napi::Env env) {
  Napi::Array names = Napi::Array::New(env);
  for (const Tier* const tier : tiers())
    names.Set(names.Length(), Napi::String::New(env, tier->name));
  return names;
}

}  // namespace mapscope
