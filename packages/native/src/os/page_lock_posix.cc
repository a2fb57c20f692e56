#include <sys/mman.h>

#include "page_lock.h"

namespace mapscope {
namespace {

// Down to the start of its page: only Linux rounds by itself.
std::uint64_t into_page(std::uint64_t offset) { return offset % page_size(); }

}  // namespace

std::optional<OsError> lock_pages(const Mapping& mapping, std::uint64_t offset,
                                  std::uint64_t byte_length) {
  const std::uint64_t before = into_page(offset);
  if (::mlock(mapping.data() + offset - before, static_cast<std::size_t>(byte_length + before)) ==
      0)
    return std::nullopt;
  return last_error("mlock");
}

std::optional<OsError> unlock_pages(const Mapping& mapping, std::uint64_t offset,
                                    std::uint64_t byte_length) {
  const std::uint64_t before = into_page(offset);
  if (::munlock(mapping.data() + offset - before, static_cast<std::size_t>(byte_length + before)) ==
      0)
    return std::nullopt;
  return last_error("munlock");
}

}  // namespace mapscope
