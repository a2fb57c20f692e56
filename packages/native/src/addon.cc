// What the addon exports: nothing else is here. The types are in lib/binding.ts.
#include <napi.h>

#include "files.h"
#include "mapping_wrap.h"

namespace mapscope {
namespace {

Napi::Object exported(Napi::Env env, Napi::Object exports) {
  exports.Set("pageSize", Napi::Number::New(env, static_cast<double>(page_size())));
  exports.Set("Mapping", MappingWrap::define(env));
  exports.Set("openBeneath", Napi::Function::New<open_beneath_function>(env, "openBeneath"));
  exports.Set("openBeneathByWalk",
              Napi::Function::New<open_beneath_by_walk_function>(env, "openBeneathByWalk"));
  exports.Set("fileStatus", Napi::Function::New<file_status_function>(env, "fileStatus"));
  return exports;
}

NODE_API_MODULE(mapscope, exported)

}  // namespace
}  // namespace mapscope
