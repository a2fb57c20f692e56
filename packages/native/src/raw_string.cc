#include "raw_string.h"

#include <memory>
#include <utility>

#include "os/fault_guard.h"
#include "os/symbol.h"
#include "to_js.h"

namespace mapscope {
namespace {

constexpr std::uint64_t kMaxLength = (std::uint64_t{1} << 29) - 24;  // V8's

// In Node-API since Node 20.4, as an experiment; so not in the headers.
using CreateString = napi_status (*)(napi_env env, char* text, std::size_t length,
                                     napi_finalize finalize, void* hint, napi_value* result,
                                     bool* copied);

CreateString create_string() {
  static const auto found = find_function<CreateString>("node_api_create_external_string_latin1");
  return found;
}

using Kept = std::shared_ptr<Pages>;

void on_collected(napi_env, void*, void* hint) { delete static_cast<Kept*>(hint); }

bool can_be_raw(const Mapping& mapping) {
  return create_string() != nullptr && mapping.is_readable() &&
         (mapping.has_file() || mapping.pages()->is_anonymous());
}

}  // namespace

Napi::Value raw_latin1(Napi::Env env, const Mapping& mapping, Range range) {
  if (range.byte_length() > kMaxLength)
    throw range_error(env, "a string has at most " + std::to_string(kMaxLength) + " code units");
  if (!can_be_raw(mapping)) return env.Undefined();
  if (range.start == range.end) return Napi::String::New(env, "");
  mapping.pages()->expose();
  ensure_fault_guard();
  auto kept = std::make_unique<Kept>(mapping.pages());
  napi_value string = nullptr;
  bool is_copied = false;
  const napi_status status = create_string()(
      env, reinterpret_cast<char*>(mapping.data() + range.start),
      static_cast<std::size_t>(range.byte_length()), on_collected, kept.get(), &string, &is_copied);
  static_cast<void>(
      kept.release());  // a copy was finalized at once; after a failure nobody says whether it was
  if (status != napi_ok) throw Napi::Error::New(env);
  return is_copied ? env.Undefined() : Napi::Value(env, string);
}

}  // namespace mapscope
