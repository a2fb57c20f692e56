#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
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

Result<std::shared_ptr<Mapping>> Mapping::open(const MapOptions& options) {
  std::shared_ptr<const OwnedFd> file;
  if (options.fd != kNoFile && options.keeps_file) {
    OwnedFd duplicate(::fcntl(options.fd, F_DUPFD_CLOEXEC, 0));
    if (!duplicate.is_open()) return last_error("fcntl");
    file = std::make_shared<const OwnedFd>(std::move(duplicate));
  }
  auto mapped =
      Pages::map(PagesOptions{options.fd, file, options.offset, options.byte_length, options.bits});
  if (const auto* const failure = std::get_if<OsError>(&mapped)) return *failure;
  auto& pages = std::get<std::shared_ptr<Pages>>(mapped);
  if (pages->is_anonymous()) file.reset();
  return std::shared_ptr<Mapping>(new Mapping(std::move(file), std::move(pages)));
}

Mapping::Mapping(std::shared_ptr<const OwnedFd> file, std::shared_ptr<Pages> pages)
    : file_(std::move(file)), pages_(std::move(pages)) {}

Mapping::~Mapping() { replace_pages(nullptr); }

// Nobody can come to point to the pages any more, so a count of one stays one.
void Mapping::replace_pages(std::shared_ptr<Pages> pages) {
  pages_.swap(pages);
  if (pages.use_count() > 1) pages->bury();
}

std::optional<OsError> Mapping::set_file_byte_length(std::uint64_t byte_length) const {
  int done;
  do {
    done = ::ftruncate(descriptor(), static_cast<off_t>(byte_length));
  } while (done != 0 && errno == EINTR);
  if (done == 0) return std::nullopt;
  return last_error("ftruncate");
}

Result<std::shared_ptr<Pages>> Mapping::private_twin(std::uint64_t offset,
                                                     std::uint64_t byte_length) const {
  if (!has_file() && !pages_->is_anonymous()) return OsError{EBADF, "mmap"};
  const std::uint64_t before = offset % pages_->unit();
  return Pages::map(PagesOptions{descriptor(), file_, file_offset() + offset - before,
                                 before + byte_length, map_bits(Access::kCopy)});
}

std::optional<OsError> Mapping::flush(std::uint64_t offset, std::uint64_t byte_length) const {
  if (::msync(data() + offset, static_cast<std::size_t>(byte_length), MS_SYNC) == 0)
    return std::nullopt;
  return last_error("msync");
}

void Mapping::populate(std::uint64_t offset, std::uint64_t byte_length) const {
  const PageSpan pages = whole_pages(data(), offset, byte_length);
  populate_pages(pages.begin, pages.byte_length);
}

std::optional<OsError> Mapping::release_pages(std::uint64_t offset,
                                              std::uint64_t byte_length) const {
  if (is_private()) return std::nullopt;
  const PageSpan pages = whole_pages(data(), offset, byte_length);
  if (::madvise(pages.begin, pages.byte_length, MADV_DONTNEED) == 0) return std::nullopt;
  return last_error("madvise");
}

Result<std::int64_t> Mapping::seek_data(std::uint64_t file_offset) const {
  return seek_keeping_position(descriptor(), file_offset, SEEK_DATA);
}

Result<std::int64_t> Mapping::seek_hole(std::uint64_t file_offset) const {
  const auto found = seek_keeping_position(descriptor(), file_offset, SEEK_HOLE);
  const auto* const hole = std::get_if<std::int64_t>(&found);
  if (hole == nullptr || *hole < 0) return found;
  const auto now = status();
  if (const auto* const failure = std::get_if<OsError>(&now)) return *failure;
  // Every file ends in a hole of the kernel's own making; that one is no hole of the file.
  const bool is_in_file = static_cast<std::uint64_t>(*hole) < std::get<FileStatus>(now).byte_length;
  return is_in_file ? *hole : std::int64_t{-1};
}

}  // namespace mapscope
