#include "beneath.h"
#include "beneath_walk.h"

namespace mapscope {

Result<Opened> open_beneath(const BeneathRequest& request) { return open_beneath_by_walk(request); }

Result<FileStatus> look_beneath(const BeneathRequest& request) {
  const auto opened = open_beneath_by_walk(request);
  if (const auto* const failure = std::get_if<OsError>(&opened)) return *failure;
  return std::get<Opened>(opened).status;
}

}  // namespace mapscope
