// `Mapping` as JavaScript sees it: unwraps arguments, calls, wraps results, and owns the mapping's
// life.
#pragma once

#include <napi.h>

#include <memory>

#include "jobs/job.h"
#include "os/mapping.h"

namespace mapscope {

class MappingWrap final : public Napi::ObjectWrap<MappingWrap> {
 public:
  static Napi::Function define(Napi::Env env);

  // Called by ObjectWrap for every method: refuses a `this` that is not one of ours, instead of
  // casting it.
  static MappingWrap* Unwrap(Napi::Object self);

  explicit MappingWrap(const Napi::CallbackInfo& info);

 private:
  using Info = Napi::CallbackInfo;

  Napi::Value byte_length(const Info& info);
  Napi::Value closed(const Info& info);

  void copy_out(const Info& info);
  void copy_in(const Info& info);
  Napi::Value get_byte(const Info& info);
  void set_byte(const Info& info);
  Napi::Value find(const Info& info);
  void flush(const Info& info);

  Napi::Value read_async(const Info& info);
  Napi::Value write_async(const Info& info);
  Napi::Value find_async(const Info& info);
  Napi::Value flush_async(const Info& info);

  void release_pages(const Info& info);
  Napi::Value status(const Info& info);
  Napi::Value seek_data(const Info& info);
  Napi::Value seek_hole(const Info& info);
  void close(const Info& info);

  const Mapping& open_mapping() const;
  const Mapping& writable_mapping() const;

  // Each job in flight holds the mapping too, so the pages stay until the last is done. Null:
  // closed. It also goes when the object is collected and when its environment ends, since Node-API
  // then finalizes the object.
  std::shared_ptr<const Mapping> mapping_;
  double byte_length_;
};

}  // namespace mapscope
