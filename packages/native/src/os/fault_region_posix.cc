#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <variant>

#include "fault_region.h"
#include "file_status.h"

namespace mapscope {
namespace {

std::atomic<std::int32_t> counter = 0;

std::uint64_t byte_length_of(const FaultSlot& slot) noexcept {
  return slot.end.load(std::memory_order_relaxed) - slot.begin.load(std::memory_order_relaxed);
}

// Where in the region the file ends, in whole units; kNowhere when there is no telling.
std::uint64_t file_end_in(const FaultSlot& slot) noexcept {
  const int fd = slot.fd.load(std::memory_order_relaxed);
  if (fd == kNoFile) return kNowhere;
  const auto found = file_status(fd);
  const auto* const status = std::get_if<FileStatus>(&found);
  if (status == nullptr || status->kind != FileKind::kFile) return kNowhere;
  const std::uint64_t size = status->byte_length;
  const std::uint64_t behind_start = size > slot.file_offset ? size - slot.file_offset : 0;
  return (std::min(behind_start, byte_length_of(slot)) + slot.unit - 1) / slot.unit * slot.unit;
}

bool put_zeros(const FaultSlot& slot, Patch patch) noexcept {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
  auto* const begin = reinterpret_cast<std::byte*>(slot.begin.load(std::memory_order_relaxed));
  return ::mmap(begin + patch.start, patch.end - patch.start, slot.bits.protection, kFlags, -1,
                0) != MAP_FAILED;
}

// Under the slot's lock, and before the zeros are there: whoever sees them must find this.
void record(FaultSlot& slot, Patch patch, std::uint64_t fault) noexcept {
  if (patch.end == byte_length_of(slot)) {
    slot.patched_tail = std::min(slot.patched_tail, patch.start);
  } else {
    slot.patches[slot.patch_count++] = patch;
  }
  if (!slot.has_faulted_since_healed) slot.first_fault.store(fault, std::memory_order_relaxed);
  slot.has_faulted_since_healed = true;
  const std::uint64_t lowest = slot.lowest_patched.load(std::memory_order_relaxed);
  slot.lowest_patched.store(std::min(lowest, patch.start), std::memory_order_release);
  slot.fault_count.fetch_add(1, std::memory_order_release);
  counter.fetch_add(1, std::memory_order_seq_cst);
}

// The rest from the file's end on; or the one page, when the file has it and the disk does not (or
// is full). Too many of those, or a size that nobody knows: everything from the page on.
Patch patch_for(const FaultSlot& slot, std::uint64_t page, std::uint64_t file_end) noexcept {
  const std::uint64_t end = byte_length_of(slot);
  if (file_end == kNowhere || slot.patch_count == slot.patches.size()) return Patch{page, end};
  if (page >= file_end) return Patch{file_end, end};
  return Patch{page, page + slot.unit};
}

bool patch_slot(FaultSlot& slot, std::uint64_t fault) noexcept {
  const std::uint64_t page = fault / slot.unit * slot.unit;
  const std::uint64_t file_end = file_end_in(slot);  // may wait for a server: not under the lock
  const std::lock_guard lock(slot.patching);
  const Patch patch = patch_for(slot, page, file_end);
  record(slot, patch, fault);
  // Where memory is not overcommitted, a page may be had and not the rest. (Too much is recorded
  // then, which heal() undoes.)
  return put_zeros(slot, patch) || put_zeros(slot, Patch{page, page + slot.unit});
}

bool map_file_again(const FaultSlot& slot, Patch patch) {
  auto* const begin = reinterpret_cast<std::byte*>(slot.begin.load(std::memory_order_relaxed));
  int flags = slot.bits.flags | MAP_FIXED;
#if defined(MAP_POPULATE)
  flags &= ~MAP_POPULATE;  // would wait for the disk, here
#endif
  return ::mmap(begin + patch.start, patch.end - patch.start, slot.bits.protection, flags,
                slot.fd.load(std::memory_order_relaxed),
                static_cast<off_t>(slot.file_offset + patch.start)) != MAP_FAILED;
}

bool heal_slot(FaultSlot& slot) {
  const std::lock_guard lock(slot.patching);
  if (slot.lowest_patched.load(std::memory_order_relaxed) == kNowhere) return true;
  if (slot.fd.load(std::memory_order_relaxed) == kNoFile) return false;
  const std::uint64_t end = byte_length_of(slot);
  bool is_whole = slot.patched_tail == kNowhere || map_file_again(slot, {slot.patched_tail, end});
  for (std::size_t i = 0; i < slot.patch_count && is_whole; ++i)
    is_whole = map_file_again(slot, slot.patches[i]);
  if (!is_whole) return false;
  slot.patch_count = 0;
  slot.patched_tail = kNowhere;
  slot.has_faulted_since_healed = false;
  slot.lowest_patched.store(kNowhere, std::memory_order_release);
  return true;
}

}  // namespace

std::atomic<std::int32_t>& view_fault_counter() { return counter; }

Patched FaultRegion::patched() const {
  return Patched{slot_->lowest_patched.load(std::memory_order_acquire),
                 slot_->fault_count.load(std::memory_order_acquire)};
}

std::uint32_t FaultRegion::fault_count() const {
  const std::lock_guard lock(retiring_);
  return slot_ == nullptr ? last_fault_count_ : slot_->fault_count.load(std::memory_order_acquire);
}

std::uint64_t FaultRegion::first_fault() const {
  const std::lock_guard lock(retiring_);
  return slot_ == nullptr ? last_first_fault_ : slot_->first_fault.load(std::memory_order_acquire);
}

bool FaultRegion::heal() {
  const std::lock_guard lock(retiring_);
  if (slot_ == nullptr) return true;
  return heal_slot(*slot_);
}

void FaultRegion::forget_file() {
  const std::lock_guard lock(retiring_);
  if (slot_ == nullptr) return;
  const std::lock_guard patching(slot_->patching);
  slot_->fd.store(kNoFile, std::memory_order_relaxed);
}

void FaultRegion::retire() {
  const std::lock_guard lock(retiring_);
  if (slot_ == nullptr) return;
  last_fault_count_ = slot_->fault_count.load(std::memory_order_acquire);
  last_first_fault_ = slot_->first_fault.load(std::memory_order_acquire);
  give_slot_back(*slot_);
  slot_ = nullptr;
}

bool FaultRegion::is_retired() const {
  const std::lock_guard lock(retiring_);
  return slot_ == nullptr;
}

bool patch_fault(const void* address) noexcept {
  FaultSlot* const slot = slot_at(address);
  if (slot == nullptr) return false;
  const int interrupted = errno;
  const auto begin = slot->begin.load(std::memory_order_relaxed);
  const bool is_patched = patch_slot(*slot, reinterpret_cast<std::uintptr_t>(address) - begin);
  errno = interrupted;
  return is_patched;
}

}  // namespace mapscope
