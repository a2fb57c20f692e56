#include "job.h"

#include <utility>

namespace mapscope {
namespace {

struct Job {
  Napi::Promise::Deferred deferred;
  std::shared_ptr<CancelFlag> is_cancelled;
  std::unique_ptr<Task> task;
};

// False once the environment is being torn down, when a slice that was in flight still comes back.
bool can_run_javascript(napi_env env) {
  napi_value global;
  bool is_found;
  return napi_get_global(env, &global) == napi_ok &&
         napi_has_named_property(env, global, "Object", &is_found) == napi_ok;
}

// One stay on the pool. (Node-API forbids to queue the same work twice, so each has its own.)
class Slice final : public Napi::AsyncWorker {
 public:
  static void queue(Napi::Env env, Job job) {
    auto slice = std::make_unique<Slice>(env, std::move(job));
    slice->Queue();
    slice.release();  // deletes itself when it has come back
  }

  Slice(Napi::Env env, Job job) : Napi::AsyncWorker(env, "mapscope"), job_(std::move(job)) {}

 private:
  void Execute() override { is_done_ = job_.task->run(*job_.is_cancelled); }

  void OnOK() override {
    if (!can_run_javascript(Env())) return;
    if (is_done_) {
      settle();
    } else {
      queue(Env(), std::move(job_));
    }
  }

  void OnError(const Napi::Error& error) override { job_.deferred.Reject(error.Value()); }

  void settle() {
    try {
      job_.deferred.Resolve(job_.task->result(Env()));
    } catch (const Napi::Error& error) {
      job_.deferred.Reject(error.Value());
    }
  }

  Job job_;
  bool is_done_ = false;
};

}  // namespace

Napi::Object start_job(Napi::Env env, std::unique_ptr<Task> task) {
  auto is_cancelled = std::make_shared<CancelFlag>(false);
  const auto cancel = [is_cancelled](const Napi::CallbackInfo&) {
    is_cancelled->store(true, std::memory_order_relaxed);
  };
  Job job{Napi::Promise::Deferred::New(env), is_cancelled, std::move(task)};
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("result", job.deferred.Promise());
  handle.Set("cancel", Napi::Function::New(env, cancel, "cancel"));
  Slice::queue(env, std::move(job));
  return handle;
}

}  // namespace mapscope
