#include "files.h"

#include <utility>

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

}  // namespace

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
