// C++ values into JavaScript ones.
#pragma once

#include <napi.h>

#include <optional>
#include <string>
#include <vector>

#include "guarded/touch.h"
#include "os/error.h"
#include "os/file_status.h"

namespace mapscope {

// The errors of lib/binding.ts: `code` says which.
Napi::Error failure_error(Napi::Env env, const Failure& failure);
Napi::Error closed_error(Napi::Env env);
Napi::Error range_error(Napi::Env env, const std::string& message);
// A fault that happened earlier, in raw memory.
Napi::Error view_fault_error(Napi::Env env, const Fault& fault);

// What keeps a mapping from being made longer or shorter.
struct Busy {
  int exports;
  int jobs;
  int other_threads;
};
Napi::Error busy_error(Napi::Env env, const Busy& busy);

Napi::Object file_status_object(Napi::Env env, const FileStatus& status);

// [start0, end0, start1, end1, ...]
Napi::Array range_pairs(Napi::Env env, const std::vector<Range>& ranges);

inline Napi::Number offset_number(Napi::Env env, std::uint64_t offset) {
  return Napi::Number::New(env, static_cast<double>(offset));
}

template <class F>
void throw_if_failed(Napi::Env env, const std::optional<F>& failure) {
  if (failure) throw failure_error(env, *failure);
}

// The value of a result, or its error thrown.
template <class T>
T value_or_throw(Napi::Env env, Result<T>&& result) {
  if (const auto* const failure = std::get_if<OsError>(&result)) throw failure_error(env, *failure);
  return std::move(std::get<T>(result));
}

}  // namespace mapscope
