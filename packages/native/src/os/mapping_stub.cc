// For systems that have no file of their own here yet: the addon compiles and loads, and every call
// answers ENOTSUP.
#include <cerrno>
#include <utility>

#include "beneath.h"
#include "beneath_walk.h"
#include "fault_guard.h"
#include "file_status.h"
#include "mapping.h"
#include "owned_fd.h"

namespace mapscope {
namespace {

constexpr OsError unsupported(const char* call) { return OsError{ENOTSUP, call}; }

}  // namespace

void OwnedFd::reset(int fd) { fd_ = fd; }

std::uint64_t page_size() { return 4096; }

Result<Mapping> Mapping::open(const MapOptions&) { return unsupported("mmap"); }
Mapping::Mapping(const MapOptions& options, OwnedFd file, std::byte* data)
    : options_(options), file_(std::move(file)), data_(data) {}
Mapping::Mapping(Mapping&& other) noexcept = default;
Mapping& Mapping::operator=(Mapping&& other) noexcept = default;
Mapping::~Mapping() { unmap(); }
void Mapping::unmap() { data_ = nullptr; }

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
bool run_guarded(const std::byte*, std::size_t, GuardedStep step, void* context) {
  step(context);
  return true;
}

}  // namespace mapscope
