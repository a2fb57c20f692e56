#include "populate.h"

#include <cerrno>

#include "../os/populate.h"
#include "file_end.h"

namespace mapscope {

std::optional<Failure> bring_in(const Mapping& mapping, Range range) {
  const std::uint64_t page = page_size();
  const Range pages{range.start / page * page, range.end};
  if (pages.byte_length() == 0) return std::nullopt;
  const auto failure =
      bring_in_pages(mapping.data() + pages.start, static_cast<std::size_t>(pages.byte_length()));
  if (!failure) return std::nullopt;
  // Touching for want of memory would call for the OOM killer.
  if (failure->code == ENOMEM) return Failure{*failure};
  // The call does not say which page (EFAULT, EHWPOISON), or does not exist (EINVAL before Linux
  // 5.14). Touching the pages tells, and those that are there take a few ns each.
  const Range missing = unreadable_page(mapping, pages, Direction::kForward);
  if (missing.byte_length() == 0) return std::nullopt;
  return Failure{fault_at(mapping, missing.start)};
}

}  // namespace mapscope
