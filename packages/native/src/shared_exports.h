// The whole mapping as a SharedArrayBuffer. It cannot be taken back, and the last thread that has
// it lets go of it, maybe after the one that made it is gone.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <vector>

#include "os/mapping.h"
#include "view_faults.h"

namespace mapscope {

class SharedExports {
 public:
  // Undefined where Node has no call for it.
  Napi::Value add(Napi::Env env, const std::shared_ptr<Mapping>& mapping, ViewFaults& faults);

  // Those that were not collected.
  int count() const { return count_->load(std::memory_order_acquire); }

  // They no longer keep the mapping open; private memory of theirs shows zeros.
  void close();

 private:
  struct Export;
  using Count = std::shared_ptr<std::atomic<int>>;

  static void on_collected(void* data, void* hint);

  Count count_ = std::make_shared<std::atomic<int>>(0);
  std::vector<std::weak_ptr<Export>> out_;
};

}  // namespace mapscope
