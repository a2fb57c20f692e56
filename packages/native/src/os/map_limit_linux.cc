#include <algorithm>
#include <cstdio>

#include "map_limit.h"

namespace mapscope {
namespace {

// For everybody else: Node's heap and threads take some hundreds, a large one some thousands.
constexpr std::size_t kReserved = 8192;

std::size_t read_limit() {
  unsigned long allowed = 65530;  // the kernel's own default
  if (std::FILE* const file = std::fopen("/proc/sys/vm/max_map_count", "re")) {
    static_cast<void>(std::fscanf(file, "%lu", &allowed));
    std::fclose(file);
  }
  return std::max<std::size_t>(allowed, 2 * kReserved) - kReserved;
}

}  // namespace

std::size_t map_limit() {
  static const std::size_t limit = read_limit();
  return limit;
}

}  // namespace mapscope
