// The table of raw memory that the SIGBUS handler reads: which addresses, and what is behind them.
//
// It only grows, and a slot is used again but never freed: the handler takes no lock to find one,
// and cannot follow a pointer to memory that is gone.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "pages.h"

namespace mapscope {

constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();

// Held for a few system calls by the handler and by heal(). Neither touches mapped bytes meanwhile,
// so the handler cannot meet a lock that its own thread holds.
class SpinLock {
 public:
  void lock();
  void unlock() { is_held_.clear(std::memory_order_release); }

 private:
  std::atomic_flag is_held_ = ATOMIC_FLAG_INIT;
};

// Half-open, in bytes from the slot's begin.
struct Patch {
  std::uint64_t start;
  std::uint64_t end;
};

struct FaultSlot {
  // Odd while the addresses change. A slot whose addresses change is not the one that the handler
  // looks for: whoever faults still points there.
  std::atomic<std::uint32_t> version = 0;
  std::atomic<std::uintptr_t> begin = 0;
  std::atomic<std::uintptr_t> end = 0;

  std::atomic<int> fd = kNoFile;
  std::uint64_t file_offset = 0;
  std::uint64_t unit = 0;  // patches are whole ones
  MapBits bits = {0, 0};

  SpinLock patching;  // for what follows
  std::array<Patch, 32> patches = {};
  std::size_t patch_count = 0;
  std::uint64_t patched_tail = kNowhere;  // from here on to the end
  bool has_faulted_since_healed = false;

  // Read without the lock.
  std::atomic<std::uint64_t> lowest_patched = kNowhere;
  std::atomic<std::uint32_t> fault_count = 0;
  std::atomic<std::uint64_t> first_fault = kNowhere;  // since it was healed last, also when healed

  FaultSlot* next_free = nullptr;  // the table's own
};

// What a slot is to hold.
struct RawMemory {
  std::byte* data;
  std::uint64_t byte_length;  // of whole units
  std::uint64_t unit;
  int fd;
  std::uint64_t file_offset;
  MapBits bits;
};

FaultSlot& claim_slot(const RawMemory& memory);
void give_slot_back(FaultSlot& slot);

// The slot whose memory holds the address, or null. Async-signal-safe.
FaultSlot* slot_at(const void* address) noexcept;

}  // namespace mapscope
