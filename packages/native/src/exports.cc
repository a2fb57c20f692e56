#include "exports.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "environment.h"
#include "os/fault_guard.h"
#include "raw_buffer.h"
#include "to_js.h"

namespace mapscope {
namespace {

// Random; says "an export of ours" on an ArrayBuffer.
constexpr napi_type_tag kTag = {0x2f60b8d19a7e4c05, 0xb1d7439ce8056fa2};

std::shared_ptr<Pages> pages_for(Napi::Env env, const Mapping& mapping, Range range) {
  // Nothing can be stored to no bytes.
  if (mapping.is_writable() || range.start == range.end) return mapping.pages();
  return value_or_throw(env, mapping.private_twin(range.start, range.byte_length()));
}

// By way of the language where it has one: a script may have called markAsUntransferable, which
// puts a key on the buffer since Node 24, and napi_detach_arraybuffer ends the process for want of
// it.
void detach_buffer(Napi::Env env, const Napi::ArrayBuffer& buffer) {
  const Napi::FunctionReference& transfer = Environment::of(env).transfer;
  if (transfer.IsEmpty()) {
    napi_detach_arraybuffer(env, buffer);
    return;
  }
  try {
    transfer.Call(buffer, {Napi::Number::New(env, 0)});
  } catch (const Napi::Error&) {
    // It keeps its memory, as one that cannot be detached does.
  }
}

}  // namespace

// Kept by two: the ArrayBuffer object and its store.
struct Exports::Export {
  std::shared_ptr<Pages> pages;
  // While it is leased, a buffer keeps its mapping open, as any reference to it would.
  std::shared_ptr<const Mapping> mapping;
  std::shared_ptr<Exports> all;
  Napi::Reference<Napi::ArrayBuffer> buffer;  // weak
  Out::iterator place;
  bool is_out = true;
};

RawBytes raw_bytes(Napi::Env env, const Mapping& mapping, Range range, ViewFaults& faults) {
  if (!mapping.is_readable()) throw failure_error(env, OsError{EACCES, "mmap"});
  std::shared_ptr<Pages> pages = pages_for(env, mapping, range);
  pages->expose();
  ensure_fault_guard();
  if (pages == mapping.pages()) return RawBytes{pages, mapping.data() + range.start};
  const std::uint64_t before = range.start % mapping.pages()->unit();
  faults.watch(pages->region(), range.start - before);
  return RawBytes{pages, pages->data() + before};
}

Napi::ArrayBuffer Exports::add(Napi::Env env, const std::shared_ptr<Mapping>& mapping, Range range,
                               ViewFaults& faults) {
  require_buffer_length(env, range.byte_length());
  const RawBytes raw = raw_bytes(env, *mapping, range, faults);
  auto one = std::make_shared<Export>();
  one->pages = raw.pages;
  const auto buffer = raw_buffer(env, raw.data, range.byte_length(), one);
  if (!buffer) throw failure_error(env, OsError{ENOTSUP, "napi_create_external_arraybuffer"});
  auto kept = std::make_unique<std::shared_ptr<Export>>(one);
  if (napi_type_tag_object(env, *buffer, &kTag) != napi_ok ||
      napi_wrap(env, *buffer, kept.get(), on_collected, nullptr, nullptr) != napi_ok) {
    throw Napi::Error::New(env);
  }
  kept.release();
  one->mapping = mapping;
  one->all = shared_from_this();
  one->buffer = Napi::Weak(*buffer);
  one->place = out_.insert(out_.end(), one);
  if (raw.pages != mapping->pages()) keep_twin(raw.pages);
  return *buffer;
}

void Exports::on_collected(napi_env, void* data, void*) {
  const std::unique_ptr<std::shared_ptr<Export>> kept(static_cast<std::shared_ptr<Export>*>(data));
  Export& one = **kept;
  one.buffer.Reset();
  if (one.is_out) one.all->out_.erase(one.place);
  one.is_out = false;
}

void Exports::release(const Napi::Value& buffer) {
  const Napi::Env env = buffer.Env();
  bool is_ours = false;
  void* data = nullptr;
  if (!buffer.IsArrayBuffer() ||
      napi_check_object_type_tag(env, buffer, &kTag, &is_ours) != napi_ok || !is_ours ||
      napi_unwrap(env, buffer, &data) != napi_ok) {
    throw Napi::TypeError::New(env, "buffer must be one that exportRange gave");
  }
  const std::shared_ptr<Export> one = *static_cast<std::shared_ptr<Export>*>(data);
  if (one->all.get() != this) throw Napi::TypeError::New(env, "buffer is another mapping's export");
  if (one->is_out) detach(env, *one);
}

// A buffer that was transferred has nothing left to detach, and one that cannot be detached keeps
// its memory: neither is in the way.
void Exports::detach(Napi::Env env, Export& one) {
  const Napi::HandleScope scope(env);
  const Napi::ArrayBuffer buffer = one.buffer.Value();
  if (!buffer.IsEmpty()) detach_buffer(env, buffer);
  one.mapping.reset();
  one.is_out = false;
  out_.erase(one.place);
}

void Exports::close(Napi::Env env) {
  while (!out_.empty()) {
    const std::shared_ptr<Export> one = out_.front();
    detach(env, *one);
  }
  for (const auto& twin : std::exchange(twins_, {})) {
    if (const auto pages = twin.lock()) pages->bury();
  }
}

void Exports::keep_twin(const std::shared_ptr<Pages>& pages) {
  if (twins_.size() >= tidy_at_) {
    std::erase_if(twins_, [](const std::weak_ptr<Pages>& twin) { return twin.expired(); });
    tidy_at_ = std::max<std::size_t>(16, 2 * twins_.size());
  }
  twins_.push_back(pages);
}

}  // namespace mapscope
