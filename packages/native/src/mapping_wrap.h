// `Mapping` as JavaScript sees it: unwraps arguments, calls, wraps results, and owns the mapping's
// life.
#pragma once

#include <napi.h>

#include <memory>
#include <optional>

#include "exports.h"
#include "held_mapping.h"
#include "jobs/job.h"
#include "os/mapping.h"
#include "shared_exports.h"
#include "view_faults.h"
#include "windows.h"

namespace mapscope {

class MappingWrap final : public Napi::ObjectWrap<MappingWrap> {
 public:
  static Napi::Function define(Napi::Env env);

  // Called by ObjectWrap for every method: refuses a `this` that is not one of ours, instead of
  // casting it.
  static MappingWrap* Unwrap(Napi::Object self);

  explicit MappingWrap(const Napi::CallbackInfo& info);
  ~MappingWrap() override;

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
  Napi::Value match_async(const Info& info);

  // paging_wrap.cc
  void move(const Info& info);
  void advise(const Info& info);
  Napi::Value advise_async(const Info& info);
  void lock(const Info& info);
  void unlock(const Info& info);
  void set_name(const Info& info);
  Napi::Value residency(const Info& info);
  Napi::Value tells_residency(const Info& info);
  Napi::Value read_cached(const Info& info);
  Napi::Value release_cache_async(const Info& info);
  Napi::Value populate_async(const Info& info);
  Napi::Value read_into_async(const Info& info);

  // scan_wrap.cc
  Napi::Value byte_stats_async(const Info& info);
  Napi::Value strings_async(const Info& info);
  Napi::Value equal_runs_async(const Info& info);
  Napi::Value compare_async(const Info& info);

  // resize_wrap.cc
  void resize(const Info& info);
  void remap(const Info& info);
  using ChangeLength = std::optional<OsError> (*)(Mapping& mapping, std::uint64_t byte_length);
  void change_length(const Info& info, ChangeLength change);
  void refuse_when_busy();

  void release_pages(const Info& info);
  Napi::Value status(const Info& info);
  Napi::Value seek_data(const Info& info);
  Napi::Value seek_hole(const Info& info);
  void close(const Info& info);

  // mapping_raw.cc
  Napi::Value export_range(const Info& info);
  void release_export(const Info& info);
  Napi::Value export_shared(const Info& info);
  Napi::Value exports(const Info& info);
  Napi::Value window(const Info& info);
  void close_window(const Info& info);
  Napi::Value latin1(const Info& info);
  Napi::Value share(const Info& info);
  Napi::Value take_view_fault(const Info& info);
  std::optional<Fault> take_untold_fault();
  void throw_view_faults();

  // Throws CLOSED; and FAULT for what happened in raw memory since the last call.
  const Mapping& open_mapping();
  const Mapping& readable_mapping();
  const Mapping& writable_mapping();

  // Each job in flight holds the mapping too, so the pages stay until the last is done. Empty:
  // closed. It also goes when the object is collected and when its environment ends, since Node-API
  // then finalizes the object.
  HeldMapping mapping_;
  std::shared_ptr<Exports> exports_ = std::make_shared<Exports>();
  SharedExports shared_exports_;
  Windows windows_;
  std::optional<ViewFaults> view_faults_;
  std::optional<Fault> untold_when_closed_;
  double byte_length_;
};

}  // namespace mapscope
