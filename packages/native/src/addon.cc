// What the addon exports: nothing else is here. The types are in lib/binding.ts.
#include <napi.h>

#include "environment.h"
#include "files.h"
#include "mapping_wrap.h"
#include "os/constants.h"
#include "os/shared_mappings.h"
#include "pattern_wrap.h"
#include "raw_memory.h"
#include "shared_mapping.h"

namespace mapscope {
namespace {

Napi::Object constants_object(Napi::Env env) {
  Napi::Object constants = Napi::Object::New(env);
  for (const Constant& row : system_constants())
    constants.Set(row.name, Napi::Number::New(env, static_cast<double>(row.value)));
  constants.Freeze();
  return constants;
}

Napi::Object exported(Napi::Env env, Napi::Object exports) {
  set_up_environment(env);
  exports.Set("pageSize", Napi::Number::New(env, static_cast<double>(page_size())));
  exports.Set("allocationGranularity",
              Napi::Number::New(env, static_cast<double>(allocation_granularity())));
  exports.Set("constants", constants_object(env));
  exports.Set("Mapping", MappingWrap::define(env));
  PatternWrap::define(env);
  exports.Set("compilePattern",
              Napi::Function::New<compile_pattern_function>(env, "compilePattern"));
  exports.Set("tiers", tiers_array(env));
  exports.Set("processNonce", Napi::Number::New(env, static_cast<double>(process_nonce())));
  exports.Set("openShared", Napi::Function::New<open_shared_function>(env, "openShared"));
  exports.Set("viewFaults", view_faults_array(env));
  exports.Set("ensureFaultHandler",
              Napi::Function::New<ensure_fault_handler_function>(env, "ensureFaultHandler"));
  exports.Set("openBeneath", Napi::Function::New<open_beneath_function>(env, "openBeneath"));
  exports.Set("openBeneathByWalk",
              Napi::Function::New<open_beneath_by_walk_function>(env, "openBeneathByWalk"));
  exports.Set("isFileStill", Napi::Function::New<is_file_still_function>(env, "isFileStill"));
  exports.Set("fileStatus", Napi::Function::New<file_status_function>(env, "fileStatus"));
  return exports;
}

NODE_API_MODULE(mapscope, exported)

}  // namespace
}  // namespace mapscope
