#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

#include "mapping.h"
#include "populate.h"

namespace mapscope {
namespace {

struct PageSpan {
  std::byte* begin;
  std::size_t byte_length;
};

// The whole pages that hold the range: what madvise takes. Rounding outwards stays inside the
// mapping's own last page.
PageSpan whole_pages(std::byte* data, std::uint64_t offset, std::uint64_t byte_length) {
  const std::uint64_t before = offset % page_size();
  return PageSpan{data + offset - before, static_cast<std::size_t>(byte_length + before)};
}

int protection_of(Access access) {
  return access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
}

// MAP_NORESERVE: a private mapping of 15 TiB must not be refused for memory that it may never need.
int flags_of(Access access) {
  return access == Access::kCopy ? MAP_PRIVATE | MAP_NORESERVE : MAP_SHARED;
}

Result<std::int64_t> seek_keeping_position(int fd, std::uint64_t offset, int whence) {
  const off_t before = ::lseek(fd, 0, SEEK_CUR);
  if (before < 0) return last_error("lseek");
  const off_t found = ::lseek(fd, static_cast<off_t>(offset), whence);
  const OsError failure = last_error("lseek");
  ::lseek(fd, before, SEEK_SET);
  if (found >= 0) return static_cast<std::int64_t>(found);
  if (failure.code == ENXIO) return std::int64_t{-1};  // at or past the end, or no data up to it
  return failure;
}

}  // namespace

std::uint64_t page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

Result<Mapping> Mapping::open(const MapOptions& options) {
  if (options.byte_length > std::numeric_limits<std::size_t>::max())
    return OsError{EOVERFLOW, "mmap"};
  OwnedFd file(::fcntl(options.fd, F_DUPFD_CLOEXEC, 0));
  if (!file.is_open()) return last_error("fcntl");
  void* const data =
      ::mmap(nullptr, static_cast<std::size_t>(options.byte_length), protection_of(options.access),
             flags_of(options.access), file.get(), static_cast<off_t>(options.offset));
  if (data == MAP_FAILED) return last_error("mmap");
  return Mapping(options, std::move(file), static_cast<std::byte*>(data));
}

Mapping::Mapping(const MapOptions& options, OwnedFd file, std::byte* data)
    : options_(options), file_(std::move(file)), data_(data) {}

Mapping::Mapping(Mapping&& other) noexcept
    : options_(other.options_),
      file_(std::move(other.file_)),
      data_(std::exchange(other.data_, nullptr)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  options_ = other.options_;
  file_ = std::move(other.file_);
  data_ = std::exchange(other.data_, nullptr);
  return *this;
}

Mapping::~Mapping() { unmap(); }

void Mapping::unmap() {
  if (data_ != nullptr) ::munmap(data_, static_cast<std::size_t>(options_.byte_length));
  data_ = nullptr;
}

std::optional<OsError> Mapping::flush(std::uint64_t offset, std::uint64_t byte_length) const {
  if (::msync(data_ + offset, static_cast<std::size_t>(byte_length), MS_SYNC) == 0)
    return std::nullopt;
  return last_error("msync");
}

void Mapping::populate(std::uint64_t offset, std::uint64_t byte_length) const {
  const PageSpan pages = whole_pages(data_, offset, byte_length);
  populate_pages(pages.begin, pages.byte_length);
}

std::optional<OsError> Mapping::release_pages(std::uint64_t offset,
                                              std::uint64_t byte_length) const {
  if (options_.access == Access::kCopy) return std::nullopt;
  const PageSpan pages = whole_pages(data_, offset, byte_length);
  if (::madvise(pages.begin, pages.byte_length, MADV_DONTNEED) == 0) return std::nullopt;
  return last_error("madvise");
}

Result<std::int64_t> Mapping::seek_data(std::uint64_t file_offset) const {
  return seek_keeping_position(file_.get(), file_offset, SEEK_DATA);
}

Result<std::int64_t> Mapping::seek_hole(std::uint64_t file_offset) const {
  const auto found = seek_keeping_position(file_.get(), file_offset, SEEK_HOLE);
  const auto* const hole = std::get_if<std::int64_t>(&found);
  if (hole == nullptr || *hole < 0) return found;
  const auto now = status();
  if (const auto* const failure = std::get_if<OsError>(&now)) return *failure;
  // Every file ends in a hole of the kernel's own making; that one is no hole of the file.
  const bool is_in_file = static_cast<std::uint64_t>(*hole) < std::get<FileStatus>(now).byte_length;
  return is_in_file ? *hole : std::int64_t{-1};
}

}  // namespace mapscope
