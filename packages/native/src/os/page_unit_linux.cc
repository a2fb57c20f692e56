#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#include <cstdio>

#include "page_unit.h"
#include "pages.h"

namespace mapscope {
namespace {

// The flags' bits 26 to 31 hold the logarithm of the size that is asked for; 0 is the default.
constexpr int kSizeShift = 26;
constexpr unsigned kSizeMask = 0x3f;

std::uint64_t default_huge_page() {
  std::FILE* const info = std::fopen("/proc/meminfo", "re");
  if (info == nullptr) return page_size();
  char line[128];
  unsigned long long kib = 0;
  while (std::fgets(line, sizeof(line), info) != nullptr) {
    if (std::sscanf(line, "Hugepagesize: %llu kB", &kib) == 1) break;
  }
  std::fclose(info);
  return kib == 0 ? page_size() : kib * 1024;
}

}  // namespace

std::uint64_t page_unit(int fd, int flags) {
  if ((flags & MAP_HUGETLB) != 0) {
    const unsigned logarithm = static_cast<unsigned>(flags) >> kSizeShift & kSizeMask;
    return logarithm == 0 ? default_huge_page() : std::uint64_t{1} << logarithm;
  }
  struct statfs found;
  if (fd < 0 || ::fstatfs(fd, &found) != 0 || found.f_type != HUGETLBFS_MAGIC) return page_size();
  return static_cast<std::uint64_t>(found.f_bsize);
}

}  // namespace mapscope
