#include "shared_exports.h"

#include <mutex>
#include <utility>

#include "exports.h"
#include "os/symbol.h"
#include "raw_buffer.h"

namespace mapscope {
namespace {

// In Node 22.23, 24.21, 26.10; the finalizer comes without an environment, in any thread.
using CreateShared = napi_status (*)(napi_env env, void* data, std::size_t byte_length,
                                     void (*finalize)(void* data, void* hint), void* hint,
                                     napi_value* result);

CreateShared create_shared() {
  static const auto found =
      find_function<CreateShared>("node_api_create_external_sharedarraybuffer");
  return found;
}

}  // namespace

struct SharedExports::Export {
  Export(std::shared_ptr<Pages> own, std::shared_ptr<const Mapping> open, bool is_private,
         Count counted)
      : pages(std::move(own)),
        is_twin(is_private),
        mapping(std::move(open)),
        count(std::move(counted)) {
    count->fetch_add(1, std::memory_order_relaxed);
  }
  ~Export() { count->fetch_sub(1, std::memory_order_release); }

  void close() {
    const std::lock_guard lock(closing);
    mapping.reset();
    if (is_twin) pages->bury();
  }

  const std::shared_ptr<Pages> pages;
  const bool is_twin;
  std::mutex closing;
  std::shared_ptr<const Mapping> mapping;
  const Count count;
};

Napi::Value SharedExports::add(Napi::Env env, const std::shared_ptr<Mapping>& mapping,
                               ViewFaults& faults) {
  if (create_shared() == nullptr) return env.Undefined();
  const Range whole{0, mapping->byte_length()};
  require_buffer_length(env, whole.byte_length());
  const RawBytes raw = raw_bytes(env, *mapping, whole, faults);
  auto one = std::make_shared<Export>(raw.pages, mapping, raw.pages != mapping->pages(), count_);
  auto kept = std::make_unique<std::shared_ptr<Export>>(one);
  napi_value buffer = nullptr;
  const napi_status status =
      create_shared()(env, raw.data, static_cast<std::size_t>(whole.byte_length()), on_collected,
                      kept.get(), &buffer);
  static_cast<void>(kept.release());  // after a failure nobody says whether it was finalized
  if (status != napi_ok) throw Napi::Error::New(env);
  std::erase_if(out_, [](const std::weak_ptr<Export>& gone) { return gone.expired(); });
  out_.push_back(one);
  return Napi::Value(env, buffer);
}

void SharedExports::on_collected(void*, void* hint) {
  delete static_cast<std::shared_ptr<Export>*>(hint);
}

void SharedExports::close() {
  for (const auto& export_out : std::exchange(out_, {})) {
    if (const auto one = export_out.lock()) one->close();
  }
}

}  // namespace mapscope
