#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

#include "fault_region.h"
#include "map_limit.h"
#include "page_unit.h"
#include "pages.h"

namespace mapscope {
namespace {

// A caller who chose the address could map over the heap, or, as root, at 0.
constexpr int kRefused = MAP_FIXED
#if defined(MAP_FIXED_NOREPLACE)
                         | MAP_FIXED_NOREPLACE
#endif
#if defined(MAP_GROWSDOWN)
                         | MAP_GROWSDOWN
#endif
    ;

std::atomic<std::size_t> live = 0;  // of all there are

std::uint64_t rounded_up(std::uint64_t byte_length, std::uint64_t unit) {
  return (byte_length + unit - 1) / unit * unit;
}

}  // namespace

std::uint64_t page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

// MAP_NORESERVE: a private mapping of 15 TiB must not be refused for memory that it may never need.
MapBits map_bits(Access access) {
  switch (access) {
    case Access::kRead:
      return {PROT_READ, MAP_SHARED};
    case Access::kWrite:
      return {PROT_READ | PROT_WRITE, MAP_SHARED};
    case Access::kCopy:
      break;
  }
  return {PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE};
}

Result<std::shared_ptr<Pages>> Pages::map(PagesOptions options) {
  if ((options.bits.flags & kRefused) != 0) return OsError{EINVAL, "mmap"};
  if (live.load(std::memory_order_relaxed) >= map_limit()) return OsError{ENOMEM, "mmap"};
  if (options.fd == kNoFile) options.bits.flags |= MAP_ANONYMOUS;
  if ((options.bits.flags & MAP_ANONYMOUS) != 0) {
    options.fd = kNoFile;
    options.file.reset();
  }
  const std::uint64_t unit = page_unit(options.fd, options.bits.flags);
  if (options.byte_length > std::numeric_limits<std::size_t>::max() - unit)
    return OsError{EOVERFLOW, "mmap"};
  const std::uint64_t owned = rounded_up(options.byte_length, unit);
  void* const data =
      ::mmap(nullptr, static_cast<std::size_t>(owned), options.bits.protection, options.bits.flags,
             options.fd, static_cast<off_t>(options.file_offset));
  if (data == MAP_FAILED) return last_error("mmap");
  return std::shared_ptr<Pages>(new Pages(std::move(options), static_cast<std::byte*>(data), unit));
}

Pages::Pages(PagesOptions options, std::byte* data, std::uint64_t unit)
    : options_(std::move(options)),
      data_(data),
      owned_byte_length_(rounded_up(options_.byte_length, unit)),
      unit_(unit) {
  options_.fd = kNoFile;  // the caller's
  live.fetch_add(1, std::memory_order_relaxed);
}

Pages::~Pages() {
  if (region_ != nullptr) region_->retire();
  if (data_ != nullptr) ::munmap(data_, static_cast<std::size_t>(owned_byte_length_));
  live.fetch_sub(1, std::memory_order_relaxed);
}

// A page that can be stored to can be read, too, on every processor we know.
bool Pages::is_readable() const {
  return (options_.bits.protection & (PROT_READ | PROT_WRITE)) != 0;
}

bool Pages::is_writable() const { return (options_.bits.protection & PROT_WRITE) != 0; }

// Not by MAP_PRIVATE's bit, which MAP_SHARED_VALIDATE contains.
bool Pages::is_private() const { return (options_.bits.flags & MAP_SHARED) == 0; }

bool Pages::is_anonymous() const { return (options_.bits.flags & MAP_ANONYMOUS) != 0; }

void Pages::expose() {
  if (exposed_.load(std::memory_order_acquire) != nullptr) return;
  const std::lock_guard lock(exposing_);
  if (region_ != nullptr) return;
  region_ = std::make_shared<FaultRegion>(RawMemory{
      .data = data_,
      .byte_length = owned_byte_length_,
      .unit = unit_,
      .fd = options_.file == nullptr ? kNoFile : options_.file->get(),
      .file_offset = options_.file_offset,
      .bits = options_.bits,
  });
  exposed_.store(region_.get(), std::memory_order_release);
}

std::shared_ptr<FaultRegion> Pages::region() const {
  const std::lock_guard lock(exposing_);
  return region_;
}

Patched Pages::patched() const {
  const FaultRegion* const region = exposed_.load(std::memory_order_acquire);
  return region == nullptr ? Patched{} : region->patched();
}

void Pages::bury() {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
  if (::mmap(data_, static_cast<std::size_t>(owned_byte_length_), PROT_READ | PROT_WRITE, kFlags,
             -1, 0) == MAP_FAILED)
    return;
  if (const auto exposed = region()) exposed->forget_file();
  options_.file.reset();
}

}  // namespace mapscope
