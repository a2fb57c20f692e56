#include "files.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "arguments.h"
#include "os/beneath.h"
#include "os/beneath_walk.h"
#include "to_js.h"

namespace mapscope {
namespace {

BeneathRequest beneath_request(const Napi::CallbackInfo& info) {
  const Napi::Object options = object_argument(info[2], "options");
  const Napi::Value follows_links = options.Get("followsLinks");
  return BeneathRequest{
      .root_fd = descriptor_argument(info[0], "rootFd"),
      .path = string_argument(info[1], "path"),
      .is_writable = boolean_argument(options.Get("isWritable"), "isWritable"),
      .follows_links =
          follows_links.IsUndefined() || boolean_argument(follows_links, "followsLinks"),
  };
}

// The status first: should making an object fail, the descriptor is still ours and gets closed.
Napi::Value opened_object(Napi::Env env, Opened opened) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("status", file_status_object(env, opened.status));
  object.Set("fd", Napi::Number::New(env, opened.file.get()));
  opened.file.release();
  return object;
}

// Of a regular file, as numbers in the order of FileState (lib/binding.ts): an object with BigInts
// for each question would cost as much as the question.
constexpr std::size_t kStateCount = 6;

FileStatus known_status(const Napi::Value& value) {
  const bool is_state = value.IsTypedArray() &&
                        value.As<Napi::TypedArray>().TypedArrayType() == napi_bigint64_array &&
                        value.As<Napi::TypedArray>().ElementLength() == kStateCount;
  if (!is_state) throw Napi::TypeError::New(value.Env(), "state must be a BigInt64Array of six");
  const std::int64_t* const state = value.As<Napi::BigInt64Array>().Data();
  const auto natural = [state](std::size_t at) { return static_cast<std::uint64_t>(state[at]); };
  return FileStatus{.byte_length = natural(0),
                    .device = natural(1),
                    .inode = natural(2),
                    .links = natural(3),
                    .modified_ns = state[4],
                    .changed_ns = state[5],
                    .kind = FileKind::kFile};
}

}  // namespace

// (rootFd, path, followsLinks, state)
Napi::Value is_file_still_function(const Napi::CallbackInfo& info) {
  const auto found = look_beneath(BeneathRequest{
      .root_fd = descriptor_argument(info[0], "rootFd"),
      .path = string_argument(info[1], "path"),
      .is_writable = false,
      .follows_links = boolean_argument(info[2], "followsLinks"),
  });
  const auto* const status = std::get_if<FileStatus>(&found);
  return Napi::Boolean::New(info.Env(), status != nullptr && *status == known_status(info[3]));
}

Napi::Value open_beneath_function(const Napi::CallbackInfo& info) {
  return opened_object(info.Env(), value_or_throw(info.Env(), open_beneath(beneath_request(info))));
}

Napi::Value open_beneath_by_walk_function(const Napi::CallbackInfo& info) {
  return opened_object(info.Env(),
                       value_or_throw(info.Env(), open_beneath_by_walk(beneath_request(info))));
}

Napi::Value file_status_function(const Napi::CallbackInfo& info) {
  const int fd = descriptor_argument(info[0], "fd");
  return file_status_object(info.Env(), value_or_throw(info.Env(), file_status(fd)));
}

}  // namespace mapscope
