#include "copy.h"

#include <algorithm>

#include "../os/fault_region.h"
#include "file_end.h"
#include "touch.h"

namespace mapscope {
namespace {

std::optional<Fault> past_end(const FileEnd& end, Range range) {
  if (range.end <= end.offset) return std::nullopt;
  return Fault{std::max(range.start, end.offset), end.file_byte_length};
}

// A touch of `touched` failed. Where the file was cut short, the bytes before it in the last page
// are not there either.
Fault fault_in(const Mapping& mapping, std::uint64_t start, std::uint64_t touched) {
  const FileEnd end = file_end(mapping);
  return Fault{std::clamp(end.offset, start, touched), end.file_byte_length};
}

// Again when there was a fault in a view meanwhile: what was touched may have been its zeros.
template <class Touch>
std::optional<Fault> touch_byte(const Mapping& mapping, std::uint64_t offset, Touch touch) {
  for (int tried = 1;; ++tried) {
    const std::uint32_t before = mapping.pages()->patched().fault_count;
    if (!touch()) return fault_at(mapping, offset);
    const Patched after = mapping.pages()->patched();
    if (offset >= after.lowest) return fault_at(mapping, offset);
    if (after.fault_count == before || tried == kSteadyTries) return std::nullopt;
  }
}

}  // namespace

std::optional<Fault> copy_out(const Mapping& mapping, std::uint64_t offset, std::byte* target,
                              std::uint64_t byte_length) {
  if (byte_length == 0) return std::nullopt;  // nothing is never missing, wherever the file ends
  for (int tried = 1;; ++tried) {
    const std::uint32_t before = mapping.pages()->patched().fault_count;
    const std::uint64_t done = copy_from_pages(mapping, offset, target, byte_length);
    if (done < byte_length) return fault_in(mapping, offset, offset + done);
    // After the copy, not before: what was cut off meanwhile may have been copied as zeros.
    const FileEnd end = file_end(mapping);
    // As in touch_byte.
    if (end.view_faults != before && tried < kSteadyTries) continue;
    return past_end(end, Range{offset, offset + byte_length});
  }
}

std::optional<Fault> copy_in(const Mapping& mapping, std::uint64_t offset, const std::byte* source,
                             std::uint64_t byte_length) {
  if (byte_length == 0) return std::nullopt;
  const Range range{offset, offset + byte_length};
  const auto refused = past_end(file_end(mapping), range);
  const std::uint64_t wanted = refused ? refused->offset - offset : byte_length;
  const std::uint64_t done = copy_to_pages(mapping, offset, source, wanted);
  if (done < wanted) return fault_in(mapping, offset, offset + done);
  return refused ? refused : past_end(file_end(mapping), range);
}

std::optional<Fault> get_byte(const Mapping& mapping, std::uint64_t offset, std::byte& value) {
  return touch_byte(mapping, offset,
                    [&] { return copy_from_pages(mapping, offset, &value, 1) == 1; });
}

std::optional<Fault> set_byte(const Mapping& mapping, std::uint64_t offset, std::byte value) {
  return touch_byte(mapping, offset,
                    [&] { return copy_to_pages(mapping, offset, &value, 1) == 1; });
}

}  // namespace mapscope
