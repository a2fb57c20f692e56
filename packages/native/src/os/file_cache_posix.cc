#include <cerrno>

#include "file_cache.h"

namespace mapscope {

// macOS has F_NOCACHE, which is for read(2), and msync(MS_INVALIDATE), which promises nothing.
std::optional<OsError> drop_cached(const Mapping&, std::uint64_t, std::uint64_t) {
  return OsError{ENOTSUP, "posix_fadvise"};
}

bool tells_residency(const Mapping& mapping) { return mapping.has_file(); }

}  // namespace mapscope
