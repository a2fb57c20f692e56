#include "file_end.h"

#include <algorithm>

namespace mapscope {

FileEnd file_end(const Mapping& mapping) {
  const auto found = mapping.status();
  const auto* const status = std::get_if<FileStatus>(&found);
  if (status == nullptr) return FileEnd{mapping.byte_length(), 0};
  const std::uint64_t size = status->byte_length;
  if (status->kind != FileKind::kFile) return FileEnd{mapping.byte_length(), size};
  const std::uint64_t behind_start =
      size > mapping.file_offset() ? size - mapping.file_offset() : 0;
  return FileEnd{std::min(mapping.byte_length(), behind_start), size};
}

Fault fault_at(const Mapping& mapping, std::uint64_t offset) {
  return Fault{offset, file_end(mapping).file_byte_length};
}

}  // namespace mapscope
