#include <sys/mman.h>

#include <string_view>

#if __has_include(<linux/mman.h>)
#include <linux/mman.h>  // the sizes of huge pages, and advice that is newer than the C library
#endif

#include "constants.h"
#include "mapping.h"

namespace mapscope {
namespace {

// The one list of the kind where `#if defined` is right: which of these a system has is known to
// its headers alone. What is missing here is refused by advise(), too.
constexpr Constant kConstants[] = {
#if defined(PROT_READ)
    {"PROT_READ", static_cast<std::int64_t>(PROT_READ)},
#endif
#if defined(PROT_WRITE)
    {"PROT_WRITE", static_cast<std::int64_t>(PROT_WRITE)},
#endif
#if defined(PROT_EXEC)
    {"PROT_EXEC", static_cast<std::int64_t>(PROT_EXEC)},
#endif
#if defined(MAP_SHARED)
    {"MAP_SHARED", static_cast<std::int64_t>(MAP_SHARED)},
#endif
#if defined(MAP_PRIVATE)
    {"MAP_PRIVATE", static_cast<std::int64_t>(MAP_PRIVATE)},
#endif
#if defined(MAP_DENYWRITE)
    {"MAP_DENYWRITE", static_cast<std::int64_t>(MAP_DENYWRITE)},
#endif
#if defined(MAP_EXECUTABLE)
    {"MAP_EXECUTABLE", static_cast<std::int64_t>(MAP_EXECUTABLE)},
#endif
#if defined(MAP_ANON)
    {"MAP_ANON", static_cast<std::int64_t>(MAP_ANON)},
#endif
#if defined(MAP_ANONYMOUS)
    {"MAP_ANONYMOUS", static_cast<std::int64_t>(MAP_ANONYMOUS)},
#endif
#if defined(MAP_POPULATE)
    {"MAP_POPULATE", static_cast<std::int64_t>(MAP_POPULATE)},
#endif
#if defined(MAP_STACK)
    {"MAP_STACK", static_cast<std::int64_t>(MAP_STACK)},
#endif
#if defined(MAP_NORESERVE)
    {"MAP_NORESERVE", static_cast<std::int64_t>(MAP_NORESERVE)},
#endif
#if defined(MAP_ALIGNED_SUPER)
    {"MAP_ALIGNED_SUPER", static_cast<std::int64_t>(MAP_ALIGNED_SUPER)},
#endif
#if defined(MAP_CONCEAL)
    {"MAP_CONCEAL", static_cast<std::int64_t>(MAP_CONCEAL)},
#endif
#if defined(MAP_NOEXTEND)
    {"MAP_NOEXTEND", static_cast<std::int64_t>(MAP_NOEXTEND)},
#endif
#if defined(MAP_HASSEMAPHORE)
    {"MAP_HASSEMAPHORE", static_cast<std::int64_t>(MAP_HASSEMAPHORE)},
#endif
#if defined(MAP_NOCACHE)
    {"MAP_NOCACHE", static_cast<std::int64_t>(MAP_NOCACHE)},
#endif
#if defined(MAP_JIT)
    {"MAP_JIT", static_cast<std::int64_t>(MAP_JIT)},
#endif
#if defined(MAP_RESILIENT_CODESIGN)
    {"MAP_RESILIENT_CODESIGN", static_cast<std::int64_t>(MAP_RESILIENT_CODESIGN)},
#endif
#if defined(MAP_RESILIENT_MEDIA)
    {"MAP_RESILIENT_MEDIA", static_cast<std::int64_t>(MAP_RESILIENT_MEDIA)},
#endif
#if defined(MAP_32BIT)
    {"MAP_32BIT", static_cast<std::int64_t>(MAP_32BIT)},
#endif
#if defined(MAP_TRANSLATED_ALLOW_EXECUTE)
    {"MAP_TRANSLATED_ALLOW_EXECUTE", static_cast<std::int64_t>(MAP_TRANSLATED_ALLOW_EXECUTE)},
#endif
#if defined(MAP_UNIX03)
    {"MAP_UNIX03", static_cast<std::int64_t>(MAP_UNIX03)},
#endif
#if defined(MAP_TPRO)
    {"MAP_TPRO", static_cast<std::int64_t>(MAP_TPRO)},
#endif
#if defined(MAP_HUGETLB)
    {"MAP_HUGETLB", static_cast<std::int64_t>(MAP_HUGETLB)},
#endif
#if defined(MAP_HUGE_SHIFT)
    {"MAP_HUGE_SHIFT", static_cast<std::int64_t>(MAP_HUGE_SHIFT)},
#endif
#if defined(MAP_HUGE_MASK)
    {"MAP_HUGE_MASK", static_cast<std::int64_t>(MAP_HUGE_MASK)},
#endif
#if defined(MAP_HUGE_16KB)
    {"MAP_HUGE_16KB", static_cast<std::int64_t>(MAP_HUGE_16KB)},
#endif
#if defined(MAP_HUGE_64KB)
    {"MAP_HUGE_64KB", static_cast<std::int64_t>(MAP_HUGE_64KB)},
#endif
#if defined(MAP_HUGE_512KB)
    {"MAP_HUGE_512KB", static_cast<std::int64_t>(MAP_HUGE_512KB)},
#endif
#if defined(MAP_HUGE_1MB)
    {"MAP_HUGE_1MB", static_cast<std::int64_t>(MAP_HUGE_1MB)},
#endif
#if defined(MAP_HUGE_2MB)
    {"MAP_HUGE_2MB", static_cast<std::int64_t>(MAP_HUGE_2MB)},
#endif
#if defined(MAP_HUGE_8MB)
    {"MAP_HUGE_8MB", static_cast<std::int64_t>(MAP_HUGE_8MB)},
#endif
#if defined(MAP_HUGE_16MB)
    {"MAP_HUGE_16MB", static_cast<std::int64_t>(MAP_HUGE_16MB)},
#endif
#if defined(MAP_HUGE_32MB)
    {"MAP_HUGE_32MB", static_cast<std::int64_t>(MAP_HUGE_32MB)},
#endif
#if defined(MAP_HUGE_256MB)
    {"MAP_HUGE_256MB", static_cast<std::int64_t>(MAP_HUGE_256MB)},
#endif
#if defined(MAP_HUGE_512MB)
    {"MAP_HUGE_512MB", static_cast<std::int64_t>(MAP_HUGE_512MB)},
#endif
#if defined(MAP_HUGE_1GB)
    {"MAP_HUGE_1GB", static_cast<std::int64_t>(MAP_HUGE_1GB)},
#endif
#if defined(MAP_HUGE_2GB)
    {"MAP_HUGE_2GB", static_cast<std::int64_t>(MAP_HUGE_2GB)},
#endif
#if defined(MAP_HUGE_16GB)
    {"MAP_HUGE_16GB", static_cast<std::int64_t>(MAP_HUGE_16GB)},
#endif
#if defined(MADV_NORMAL)
    {"MADV_NORMAL", static_cast<std::int64_t>(MADV_NORMAL)},
#endif
#if defined(MADV_RANDOM)
    {"MADV_RANDOM", static_cast<std::int64_t>(MADV_RANDOM)},
#endif
#if defined(MADV_SEQUENTIAL)
    {"MADV_SEQUENTIAL", static_cast<std::int64_t>(MADV_SEQUENTIAL)},
#endif
#if defined(MADV_WILLNEED)
    {"MADV_WILLNEED", static_cast<std::int64_t>(MADV_WILLNEED)},
#endif
#if defined(MADV_DONTNEED)
    {"MADV_DONTNEED", static_cast<std::int64_t>(MADV_DONTNEED)},
#endif
#if defined(MADV_FREE)
    {"MADV_FREE", static_cast<std::int64_t>(MADV_FREE)},
#endif
#if defined(MADV_REMOVE)
    {"MADV_REMOVE", static_cast<std::int64_t>(MADV_REMOVE)},
#endif
#if defined(MADV_DONTFORK)
    {"MADV_DONTFORK", static_cast<std::int64_t>(MADV_DONTFORK)},
#endif
#if defined(MADV_DOFORK)
    {"MADV_DOFORK", static_cast<std::int64_t>(MADV_DOFORK)},
#endif
#if defined(MADV_MERGEABLE)
    {"MADV_MERGEABLE", static_cast<std::int64_t>(MADV_MERGEABLE)},
#endif
#if defined(MADV_UNMERGEABLE)
    {"MADV_UNMERGEABLE", static_cast<std::int64_t>(MADV_UNMERGEABLE)},
#endif
#if defined(MADV_HUGEPAGE)
    {"MADV_HUGEPAGE", static_cast<std::int64_t>(MADV_HUGEPAGE)},
#endif
#if defined(MADV_NOHUGEPAGE)
    {"MADV_NOHUGEPAGE", static_cast<std::int64_t>(MADV_NOHUGEPAGE)},
#endif
#if defined(MADV_DONTDUMP)
    {"MADV_DONTDUMP", static_cast<std::int64_t>(MADV_DONTDUMP)},
#endif
#if defined(MADV_DODUMP)
    {"MADV_DODUMP", static_cast<std::int64_t>(MADV_DODUMP)},
#endif
#if defined(MADV_HWPOISON)
    {"MADV_HWPOISON", static_cast<std::int64_t>(MADV_HWPOISON)},
#endif
#if defined(MADV_SOFT_OFFLINE)
    {"MADV_SOFT_OFFLINE", static_cast<std::int64_t>(MADV_SOFT_OFFLINE)},
#endif
#if defined(MADV_NOSYNC)
    {"MADV_NOSYNC", static_cast<std::int64_t>(MADV_NOSYNC)},
#endif
#if defined(MADV_AUTOSYNC)
    {"MADV_AUTOSYNC", static_cast<std::int64_t>(MADV_AUTOSYNC)},
#endif
#if defined(MADV_NOCORE)
    {"MADV_NOCORE", static_cast<std::int64_t>(MADV_NOCORE)},
#endif
#if defined(MADV_CORE)
    {"MADV_CORE", static_cast<std::int64_t>(MADV_CORE)},
#endif
#if defined(MADV_PROTECT)
    {"MADV_PROTECT", static_cast<std::int64_t>(MADV_PROTECT)},
#endif
#if defined(MADV_FREE_REUSABLE)
    {"MADV_FREE_REUSABLE", static_cast<std::int64_t>(MADV_FREE_REUSABLE)},
#endif
#if defined(MADV_FREE_REUSE)
    {"MADV_FREE_REUSE", static_cast<std::int64_t>(MADV_FREE_REUSE)},
#endif
#if defined(MADV_WIPEONFORK)
    {"MADV_WIPEONFORK", static_cast<std::int64_t>(MADV_WIPEONFORK)},
#endif
#if defined(MADV_KEEPONFORK)
    {"MADV_KEEPONFORK", static_cast<std::int64_t>(MADV_KEEPONFORK)},
#endif
#if defined(MADV_COLD)
    {"MADV_COLD", static_cast<std::int64_t>(MADV_COLD)},
#endif
#if defined(MADV_PAGEOUT)
    {"MADV_PAGEOUT", static_cast<std::int64_t>(MADV_PAGEOUT)},
#endif
#if defined(MADV_POPULATE_READ)
    {"MADV_POPULATE_READ", static_cast<std::int64_t>(MADV_POPULATE_READ)},
#endif
#if defined(MADV_POPULATE_WRITE)
    {"MADV_POPULATE_WRITE", static_cast<std::int64_t>(MADV_POPULATE_WRITE)},
#endif
#if defined(MADV_DONTNEED_LOCKED)
    {"MADV_DONTNEED_LOCKED", static_cast<std::int64_t>(MADV_DONTNEED_LOCKED)},
#endif
#if defined(MADV_COLLAPSE)
    {"MADV_COLLAPSE", static_cast<std::int64_t>(MADV_COLLAPSE)},
#endif
#if defined(MS_ASYNC)
    {"MS_ASYNC", static_cast<std::int64_t>(MS_ASYNC)},
#endif
#if defined(MS_SYNC)
    {"MS_SYNC", static_cast<std::int64_t>(MS_SYNC)},
#endif
#if defined(MS_INVALIDATE)
    {"MS_INVALIDATE", static_cast<std::int64_t>(MS_INVALIDATE)},
#endif
};

}  // namespace

std::span<const Constant> system_constants() { return kConstants; }

const char* advice_name(std::int64_t advice) {
  for (const Constant& row : kConstants) {
    if (row.value == advice && std::string_view(row.name).starts_with("MADV_")) return row.name;
  }
  return nullptr;
}

std::uint64_t allocation_granularity() { return page_size(); }

}  // namespace mapscope
