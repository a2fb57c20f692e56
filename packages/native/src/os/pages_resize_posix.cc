// The part of Pages that makes others of another length, where every system does the same.
#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "pages.h"

namespace mapscope {

std::uint64_t Pages::owned_for(std::uint64_t byte_length) const {
  return (byte_length + unit_ - 1) / unit_ * unit_;
}

std::shared_ptr<Pages> Pages::at(std::byte* data, std::uint64_t byte_length) const {
  PagesOptions options = options_;
  options.byte_length = byte_length;
  return std::shared_ptr<Pages>(new Pages(std::move(options), data, unit_));
}

std::shared_ptr<Pages> Pages::succeeded_by(std::byte* data, std::uint64_t byte_length) {
  auto successor = at(data, byte_length);
  data_ = nullptr;
  return successor;
}

Result<std::shared_ptr<Pages>> Pages::mapped_again(std::uint64_t byte_length) const {
  if (!is_anonymous() && options_.file == nullptr) return OsError{EBADF, "mmap"};
  PagesOptions options = options_;
  options.byte_length = byte_length;
  if (!is_anonymous()) options.fd = options.file->get();
  return map(std::move(options));
}

// munmap of an end cannot fail for want of anything: it splits no kernel mapping in three.
std::shared_ptr<Pages> Pages::shrunk(std::uint64_t byte_length) {
  const std::uint64_t kept = owned_for(byte_length);
  if (kept < owned_byte_length_)
    ::munmap(data_ + kept, static_cast<std::size_t>(owned_byte_length_ - kept));
  return succeeded_by(data_, byte_length);
}

}  // namespace mapscope
