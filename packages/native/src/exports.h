// Raw memory that JavaScript keeps: ArrayBuffers which are leased, and can be taken back.
//
// Detaching a buffer is not enough to unmap what it showed. A script may have transferred it (the
// address goes along), and node:fs or zlib may be at work on it in another thread. So the pages are
// held by the engine's store and by the ArrayBuffer object: the first is freed when nothing can
// reach the memory from JavaScript, the second is kept by every call that was given it.
#pragma once

#include <napi.h>

#include <list>
#include <memory>
#include <vector>

#include "guarded/touch.h"
#include "os/mapping.h"
#include "os/pages.h"
#include "view_faults.h"

namespace mapscope {

// Memory that may be stored to, and where in it a range of a mapping begins.
struct RawBytes {
  std::shared_ptr<Pages> pages;
  std::byte* data;
};

// The mapping's own, where that may be stored to, else a private twin; exposed, and watched for
// faults. Throws OS.
RawBytes raw_bytes(Napi::Env env, const Mapping& mapping, Range range, ViewFaults& faults);

class Exports : public std::enable_shared_from_this<Exports> {
 public:
  // Throws RANGE, and OS with ENOTSUP where the runtime has no external buffers.
  Napi::ArrayBuffer add(Napi::Env env, const std::shared_ptr<Mapping>& mapping, Range range,
                        ViewFaults& faults);

  // Detaches it; once more does nothing. A TypeError for what is no export of these.
  void release(const Napi::Value& buffer);

  std::size_t count() const { return out_.size(); }

  // Detaches all; where private memory can still be pointed to, zeros stand in its place.
  void close(Napi::Env env);

 private:
  struct Export;
  using Out = std::list<std::shared_ptr<Export>>;

  static void on_collected(napi_env env, void* data, void* hint);
  void detach(Napi::Env env, Export& one);
  void keep_twin(const std::shared_ptr<Pages>& pages);

  Out out_;
  std::vector<std::weak_ptr<Pages>> twins_;
  std::size_t tidy_at_ = 16;
};

}  // namespace mapscope
