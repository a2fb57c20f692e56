// The part of MappingWrap that gives out raw memory.
#include <utility>

#include "guarded/file_end.h"
#include "mapping_arguments.h"
#include "mapping_wrap.h"
#include "raw_string.h"
#include "to_js.h"

namespace mapscope {

Napi::Value MappingWrap::export_range(const Info& info) {
  const Range range = offset_and_length(info, open_mapping());
  return exports_->add(info.Env(), mapping_.shared(), range, *view_faults_);
}

// Before anything is told: whoever is told must not have it to release still.
void MappingWrap::release_export(const Info& info) {
  if (!mapping_) throw closed_error(info.Env());
  exports_->release(info[0]);
  open_mapping();
}

Napi::Value MappingWrap::export_shared(const Info& info) {
  open_mapping();
  return shared_exports_.add(info.Env(), mapping_.shared(), *view_faults_);
}

Napi::Value MappingWrap::exports(const Info& info) {
  return offset_number(info.Env(), exports_->count() + shared_exports_.count());
}

Napi::Value MappingWrap::window(const Info& info) {
  const Mapping& mapping = open_mapping();
  return windows_.open(info.Env(), mapping, offset_and_length(info, mapping));
}

void MappingWrap::close_window(const Info& info) {
  windows_.close(info.Env(), offset_and_length(info, open_mapping()));
}

Napi::Value MappingWrap::latin1(const Info& info) {
  const Mapping& mapping = open_mapping();
  return raw_latin1(info.Env(), mapping, offset_and_length(info, mapping));
}

Napi::Value MappingWrap::share(const Info& info) {
  open_mapping();
  return offset_number(info.Env(), share_mapping(mapping_.shared()));
}

std::optional<Fault> MappingWrap::take_untold_fault() {
  const auto untold = view_faults_->take(*mapping_).untold;
  if (!untold) return std::nullopt;
  return fault_at(*mapping_, *untold);
}

Napi::Value MappingWrap::take_view_fault(const Info& info) {
  const auto fault =
      mapping_ ? take_untold_fault() : std::exchange(untold_when_closed_, std::nullopt);
  if (!fault) return info.Env().Undefined();
  Napi::Object told = Napi::Object::New(info.Env());
  told.Set("offset", offset_number(info.Env(), fault->offset));
  told.Set("fileByteLength", offset_number(info.Env(), fault->file_byte_length));
  return told;
}

void MappingWrap::throw_view_faults() {
  const ViewFaults::News news = view_faults_->take(*mapping_);
  if (const auto offset = news.untold ? news.untold : news.lost)
    throw view_fault_error(Env(), fault_at(*mapping_, *offset));
}

}  // namespace mapscope
