#include "to_js.h"

#include <cstdint>
#include <string>
#include <system_error>

#include "environment.h"

namespace mapscope {
namespace {

Napi::Error coded_error(Napi::Env env, const char* code, const std::string& message) {
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

Napi::Error error_of(Napi::Env env, const OsError& failure) {
  const char* const name = errno_name(failure.code);
  // Not strerror, which is not safe to call in two worker threads at once.
  const std::string text = std::generic_category().message(failure.code);
  Napi::Error error =
      coded_error(env, "OS", std::string(failure.syscall) + ": " + name + ", " + text);
  error.Set("errnoName", Napi::String::New(env, name));
  error.Set("errno", Napi::Number::New(env, failure.code));
  error.Set("syscall", Napi::String::New(env, failure.syscall));
  return error;
}

Napi::Error fault_error(Napi::Env env, const std::string& what, const Fault& fault) {
  Napi::Error error =
      coded_error(env, "FAULT",
                  "byte " + std::to_string(fault.offset) + what + "; the file has " +
                      std::to_string(fault.file_byte_length) + " bytes now");
  error.Set("offset", offset_number(env, fault.offset));
  error.Set("fileByteLength", offset_number(env, fault.file_byte_length));
  return error;
}

Napi::Error error_of(Napi::Env env, const Fault& fault) {
  return fault_error(env, " of the mapping cannot be had", fault);
}

const char* kind_name(FileKind kind) {
  switch (kind) {
    case FileKind::kFile:
      return "file";
    case FileKind::kDirectory:
      return "directory";
    case FileKind::kPipe:
      return "pipe";
    case FileKind::kSocket:
      return "socket";
    case FileKind::kBlockDevice:
      return "block-device";
    case FileKind::kCharacterDevice:
      return "character-device";
    case FileKind::kSymbolicLink:
    case FileKind::kOther:
      break;
  }
  return "other";
}

}  // namespace

Napi::Error failure_error(Napi::Env env, const Failure& failure) {
  return std::visit([env](const auto& one) { return error_of(env, one); }, failure);
}

Napi::Error closed_error(Napi::Env env) {
  return coded_error(env, "CLOSED", "the mapping is closed");
}

Napi::Error busy_error(Napi::Env env, const Busy& busy) {
  Napi::Error error = coded_error(env, "BUSY",
                                  "the mapping is in use: " + std::to_string(busy.exports) +
                                      " exports, " + std::to_string(busy.jobs) + " jobs, " +
                                      std::to_string(busy.other_threads) + " other threads");
  error.Set("exports", Napi::Number::New(env, busy.exports));
  error.Set("jobs", Napi::Number::New(env, busy.jobs));
  error.Set("otherThreads", Napi::Number::New(env, busy.other_threads));
  return error;
}

Napi::Error range_error(Napi::Env env, const std::string& message) {
  return coded_error(env, "RANGE", message);
}

Napi::Error view_fault_error(Napi::Env env, const Fault& fault) {
  Napi::Error error = fault_error(
      env,
      " of the mapping was touched in a view and could not be had: it read as zero, and what "
      "was stored there is lost",
      fault);
  error.Set("isInView", Napi::Boolean::New(env, true));
  return error;
}

Napi::Object file_status_object(Napi::Env env, const FileStatus& status) {
  return Environment::of(env)
      .status_maker
      .Call({offset_number(env, status.byte_length), Napi::BigInt::New(env, status.device),
             Napi::BigInt::New(env, status.inode), offset_number(env, status.links),
             Napi::BigInt::New(env, status.modified_ns), Napi::BigInt::New(env, status.changed_ns),
             Napi::String::New(env, kind_name(status.kind))})
      .As<Napi::Object>();
}

Napi::Array range_pairs(Napi::Env env, const std::vector<Range>& ranges) {
  Napi::Array pairs = Napi::Array::New(env, ranges.size() * 2);
  std::uint32_t at = 0;
  for (const Range& range : ranges) {
    pairs.Set(at++, offset_number(env, range.start));
    pairs.Set(at++, offset_number(env, range.end));
  }
  return pairs;
}

}  // namespace mapscope
