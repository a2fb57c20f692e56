#include "shared_mapping.h"

#include <utility>

#include "arguments.h"
#include "environment.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Should the constructor not run at all, the next one must not find the mapping.
struct NothingLeft {
  Environment& environment;
  ~NothingLeft() { environment.opening.reset(); }
};

}  // namespace

Napi::Value open_shared_function(const Napi::CallbackInfo& info) {
  auto mapping = HeldMapping::of_shared(integer_argument(info[0], "id"));
  if (!mapping) throw closed_error(info.Env());
  Environment& environment = Environment::of(info.Env());
  environment.opening = std::move(mapping);
  const NothingLeft after{environment};
  return environment.mapping_class.New({});
}

}  // namespace mapscope
