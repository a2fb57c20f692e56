#include "write.h"

#include <algorithm>
#include <cerrno>

#include "copy.h"
#include "file_end.h"

namespace mapscope {

std::variant<FileStatus, Failure> write_and_flush(const Mapping& mapping, std::uint64_t offset,
                                                  const std::byte* source,
                                                  std::uint64_t byte_length) {
  if (!mapping.has_file()) return Failure{OsError{EBADF, "fstat"}};
  const FileEnd end = file_end(mapping);
  if (offset + byte_length > end.offset)
    return Failure{Fault{std::max(offset, end.offset), end.file_byte_length}};
  if (const auto fault = copy_in(mapping, offset, source, byte_length)) return Failure{*fault};
  const auto found = mapping.status();
  if (const auto* const failure = std::get_if<OsError>(&found)) return Failure{*failure};
  const auto& status = std::get<FileStatus>(found);
  if (byte_length == 0) return status;
  const std::uint64_t first_page = offset / page_size() * page_size();
  if (const auto failure = mapping.flush(first_page, offset + byte_length - first_page))
    return Failure{*failure};
  return status;
}

}  // namespace mapscope
