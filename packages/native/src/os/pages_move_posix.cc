// For systems without mremap: whoever asks maps again, and copies.
#include <cerrno>

#include "pages.h"

namespace mapscope {

Result<std::shared_ptr<Pages>> Pages::grown(std::uint64_t) { return OsError{ENOTSUP, "mremap"}; }
Result<std::shared_ptr<Pages>> Pages::moved_out() const { return OsError{ENOTSUP, "mremap"}; }

}  // namespace mapscope
