// Work on libuv's pool, as a promise that can be cancelled.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>

namespace mapscope {

using CancelFlag = std::atomic<bool>;

// One verb. Made and destroyed on the JavaScript thread.
class Task {
 public:
  virtual ~Task() = default;

  // On a pool thread: works for a while, and says whether it is done. What takes long returns false
  // every now and then and is queued again: the pool has four threads, which node:fs needs too; and
  // neither process.exit() nor a worker's end interrupts a running slice.
  virtual bool run(const CancelFlag& is_cancelled) = 0;

  // On the JavaScript thread, once done: what the promise resolves with, or a thrown Napi::Error
  // that it rejects with.
  virtual Napi::Value result(Napi::Env env) = 0;
};

// Queues the task; returns { result, cancel }.
Napi::Object start_job(Napi::Env env, std::unique_ptr<Task> task);

}  // namespace mapscope
