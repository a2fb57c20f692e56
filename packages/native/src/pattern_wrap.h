// `Pattern` as JavaScript sees it: what to search for, made ready once.
#pragma once

#include <napi.h>

#include <memory>

#include "kernels/pattern.h"

namespace mapscope {

class PatternWrap final : public Napi::ObjectWrap<PatternWrap> {
 public:
  // Its constructor takes (spec, tier?).
  static Napi::Function define(Napi::Env env);

  // Called by ObjectWrap for every method, too: refuses what is not one of ours.
  static PatternWrap* Unwrap(Napi::Object self);

  explicit PatternWrap(const Napi::CallbackInfo& info);

  // A job takes one, and may outlive this object.
  const std::shared_ptr<const Pattern>& pattern() const { return pattern_; }

 private:
  using Info = Napi::CallbackInfo;

  Napi::Value min_byte_length(const Info& info);
  Napi::Value max_byte_length(const Info& info);
  Napi::Value match_bytes(const Info& info);

  std::shared_ptr<const Pattern> pattern_;
};

// compilePattern(spec, tier?)
Napi::Value compile_pattern_function(const Napi::CallbackInfo& info);

// The names of the tiers, best first.
Napi::Array tiers_array(Napi::Env env);

}  // namespace mapscope
