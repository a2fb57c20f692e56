// For systems that have no file of their own here yet: the addon compiles and loads, and every call
// answers ENOTSUP.
#include <cerrno>

#include "beneath.h"
#include "beneath_walk.h"
#include "fault_guard.h"
#include "fault_region.h"
#include "file_status.h"
#include "mapping.h"
#include "owned_fd.h"
#include "pages.h"
#include "symbol.h"

namespace mapscope {
namespace {

constexpr OsError unsupported(const char* call) { return OsError{ENOTSUP, call}; }

}  // namespace

void OwnedFd::reset(int fd) { fd_ = fd; }

std::uint64_t page_size() { return 4096; }

MapBits map_bits(Access) { return {0, 0}; }

Result<std::shared_ptr<Pages>> Pages::map(PagesOptions) { return unsupported("mmap"); }
Pages::~Pages() = default;
bool Pages::is_readable() const { return false; }
bool Pages::is_writable() const { return false; }
bool Pages::is_private() const { return false; }
bool Pages::is_anonymous() const { return false; }
void Pages::expose() {}
std::shared_ptr<FaultRegion> Pages::region() const { return nullptr; }
Patched Pages::patched() const { return {}; }
void Pages::bury() {}
Result<std::shared_ptr<Pages>> Pages::mapped_again(std::uint64_t) const {
  return unsupported("mmap");
}
std::shared_ptr<Pages> Pages::shrunk(std::uint64_t) { return nullptr; }
Result<std::shared_ptr<Pages>> Pages::grown(std::uint64_t) { return unsupported("mremap"); }
Result<std::shared_ptr<Pages>> Pages::moved_out() const { return unsupported("mremap"); }

Result<std::shared_ptr<Mapping>> Mapping::open(const MapOptions&) { return unsupported("mmap"); }
Mapping::~Mapping() = default;

std::optional<OsError> Mapping::set_file_byte_length(std::uint64_t) const {
  return unsupported("ftruncate");
}
void Mapping::replace_pages(std::shared_ptr<Pages> pages) { pages_ = std::move(pages); }
Result<std::shared_ptr<Pages>> Mapping::private_twin(std::uint64_t, std::uint64_t) const {
  return unsupported("mmap");
}
std::optional<OsError> Mapping::flush(std::uint64_t, std::uint64_t) const {
  return unsupported("msync");
}
void Mapping::populate(std::uint64_t, std::uint64_t) const {}
std::optional<OsError> Mapping::release_pages(std::uint64_t, std::uint64_t) const {
  return unsupported("madvise");
}
Result<std::int64_t> Mapping::seek_data(std::uint64_t) const { return unsupported("lseek"); }
Result<std::int64_t> Mapping::seek_hole(std::uint64_t) const { return unsupported("lseek"); }

Result<FileStatus> file_status(int) { return unsupported("fstat"); }
Result<FileStatus> file_status_at(int, const std::string&) { return unsupported("fstatat"); }
Result<Opened> open_beneath(const BeneathRequest&) { return unsupported("openat"); }
Result<Opened> open_beneath_by_walk(const BeneathRequest&) { return unsupported("openat"); }

// No mapping can exist, so nothing is ever touched.
std::atomic<std::int32_t>& view_fault_counter() {
  static std::atomic<std::int32_t> counter = 0;
  return counter;
}
std::uint32_t FaultRegion::fault_count() const { return 0; }
std::uint64_t FaultRegion::first_fault() const { return kNowhere; }
bool FaultRegion::heal() { return true; }
void FaultRegion::retire() {}
bool FaultRegion::is_retired() const { return true; }
void ensure_fault_guard() {}
void* find_symbol(const char*) { return nullptr; }
bool run_guarded(const std::byte*, std::size_t, GuardedStep step, void* context) {
  step(context);
  return true;
}

}  // namespace mapscope
