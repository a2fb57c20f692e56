// What mapping_stub.cc is to os/mapping.h, for the system calls about pages.
#include <cerrno>

#include "advice.h"
#include "cached_read.h"
#include "constants.h"
#include "file_cache.h"
#include "page_lock.h"
#include "page_name.h"
#include "populate.h"
#include "residency.h"

namespace mapscope {

std::span<const Constant> system_constants() { return {}; }
const char* advice_name(std::int64_t) { return nullptr; }
std::uint64_t allocation_granularity() { return 65536; }  // of Windows

std::optional<OsError> advise(const Mapping&, int, std::uint64_t, std::uint64_t) {
  return OsError{ENOTSUP, "madvise"};
}
std::uint64_t advice_piece_end(const Mapping&, int, std::uint64_t, std::uint64_t end) {
  return end;
}
std::optional<OsError> bring_in_pages(std::byte*, std::size_t) {
  return OsError{ENOTSUP, "madvise"};
}
std::optional<OsError> lock_pages(const Mapping&, std::uint64_t, std::uint64_t) {
  return OsError{ENOTSUP, "mlock"};
}
std::optional<OsError> unlock_pages(const Mapping&, std::uint64_t, std::uint64_t) {
  return OsError{ENOTSUP, "munlock"};
}
std::optional<OsError> name_pages(const Mapping&, const std::string&) {
  return OsError{ENOTSUP, "prctl"};
}
std::uint64_t page_count(std::uint64_t, std::uint64_t) { return 0; }
std::optional<OsError> residency(const Mapping&, std::uint64_t, std::uint64_t, std::uint8_t*) {
  return OsError{ENOTSUP, "mincore"};
}
std::optional<OsError> drop_cached(const Mapping&, std::uint64_t, std::uint64_t) {
  return OsError{ENOTSUP, "posix_fadvise"};
}
bool tells_residency(const Mapping&) { return false; }
CachedRead read_cached(const Mapping&, std::uint64_t, std::byte*, std::size_t) {
  return CachedRead::kUnsupported;
}

}  // namespace mapscope
