// The part of Pages that mremap does: it moves page tables and not bytes.
#include <sys/mman.h>

#include <cerrno>

#include "pages.h"

namespace mapscope {
namespace {

// MREMAP_DONTUNMAP, of Linux 5.7 for private anonymous memory and 5.13 for private memory of a
// file. The number, since older headers lack the name; older kernels answer EINVAL.
constexpr int kDontUnmap = 4;

constexpr OsError kImpossible = {ENOTSUP, "mremap"};

}  // namespace

// Keeps what was advised and locked. EFAULT is a range of several kernel mappings, which advice for
// a part of it makes.
Result<std::shared_ptr<Pages>> Pages::grown(std::uint64_t byte_length) {
  void* const data = ::mremap(data_, static_cast<std::size_t>(owned_byte_length_),
                              static_cast<std::size_t>(owned_for(byte_length)), MREMAP_MAYMOVE);
  if (data != MAP_FAILED) return succeeded_by(static_cast<std::byte*>(data), byte_length);
  return errno == EFAULT ? kImpossible : last_error("mremap");
}

Result<std::shared_ptr<Pages>> Pages::moved_out() const {
  const auto length = static_cast<std::size_t>(owned_byte_length_);
  // Of shared memory, an old length of 0 makes a second mapping. The null, which no manual asks
  // for, is a wish for an address: without it older C libraries pass on what happens to be there.
  void* const data = is_private()
                         ? ::mremap(data_, length, length, MREMAP_MAYMOVE | kDontUnmap, nullptr)
                         : ::mremap(data_, 0, length, MREMAP_MAYMOVE);
  if (data == MAP_FAILED) return kImpossible;
  return at(static_cast<std::byte*>(data), options_.byte_length);
}

}  // namespace mapscope
