#include "file_end.h"

#include <algorithm>

namespace mapscope {

FileEnd file_end(const Mapping& mapping) {
  const auto found = mapping.status();
  const auto* const status = std::get_if<FileStatus>(&found);
  if (status == nullptr) return FileEnd{mapping.byte_length(), 0, 0, 0};
  FileEnd end{mapping.byte_length(), status->byte_length, status->modified_ns, status->changed_ns};
  if (status->kind != FileKind::kFile) return end;
  const std::uint64_t size = status->byte_length;
  const std::uint64_t behind_start =
      size > mapping.file_offset() ? size - mapping.file_offset() : 0;
  end.offset = std::min(mapping.byte_length(), behind_start);
  return end;
}

Fault fault_at(const Mapping& mapping, std::uint64_t offset) {
  return Fault{offset, file_end(mapping).file_byte_length};
}

}  // namespace mapscope
