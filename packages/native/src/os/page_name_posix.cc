#include <cerrno>

#include "page_name.h"

namespace mapscope {

std::optional<OsError> name_pages(const Mapping&, const std::string&) {
  return OsError{ENOTSUP, "prctl"};
}

}  // namespace mapscope
