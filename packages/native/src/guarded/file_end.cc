#include "file_end.h"

#include <algorithm>

#include "../os/fault_region.h"

namespace mapscope {

FileEnd file_end(const Mapping& mapping) {
  const Patched patched = mapping.pages()->patched();
  FileEnd end{.offset = std::min(mapping.byte_length(), patched.lowest),
              .file_byte_length = 0,
              .modified_ns = 0,
              .changed_ns = 0,
              .view_faults = patched.fault_count};
  if (!mapping.has_file()) return end;
  const auto found = mapping.status();
  const auto* const status = std::get_if<FileStatus>(&found);
  if (status == nullptr) return end;
  const std::uint64_t size = status->byte_length;
  end.file_byte_length = size;
  end.modified_ns = status->modified_ns;
  end.changed_ns = status->changed_ns;
  if (status->kind != FileKind::kFile) return end;
  const std::uint64_t behind_start =
      size > mapping.file_offset() ? size - mapping.file_offset() : 0;
  end.offset = std::min(end.offset, behind_start);
  return end;
}

Fault fault_at(const Mapping& mapping, std::uint64_t offset) {
  return Fault{offset, file_end(mapping).file_byte_length};
}

}  // namespace mapscope
