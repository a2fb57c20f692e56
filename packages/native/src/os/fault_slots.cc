#include "fault_slots.h"

#include <mutex>
#include <thread>

namespace mapscope {
namespace {

struct Chunk {
  std::array<FaultSlot, 64> slots;
  std::atomic<Chunk*> next = nullptr;
};

std::atomic<Chunk*> first_chunk = nullptr;
FaultSlot* first_free = nullptr;
std::mutex claiming;  // for first_free, and for adding chunks

void add_chunk() {
  auto* const chunk = new Chunk;  // for good: the handler may be looking at it
  for (FaultSlot& slot : chunk->slots) {
    slot.next_free = first_free;
    first_free = &slot;
  }
  chunk->next.store(first_chunk.load(std::memory_order_relaxed), std::memory_order_relaxed);
  first_chunk.store(chunk, std::memory_order_release);
}

void set_addresses(FaultSlot& slot, std::uintptr_t begin, std::uintptr_t end) {
  slot.version.fetch_add(1, std::memory_order_acq_rel);
  std::atomic_thread_fence(std::memory_order_release);
  slot.begin.store(begin, std::memory_order_relaxed);
  slot.end.store(end, std::memory_order_relaxed);
  slot.version.fetch_add(1, std::memory_order_release);
}

bool holds(const FaultSlot& slot, std::uintptr_t address) noexcept {
  const std::uint32_t before = slot.version.load(std::memory_order_acquire);
  const std::uintptr_t begin = slot.begin.load(std::memory_order_relaxed);
  const std::uintptr_t end = slot.end.load(std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_acquire);
  const bool is_steady = before % 2 == 0 && before == slot.version.load(std::memory_order_relaxed);
  return is_steady && address >= begin && address < end;
}

}  // namespace

// Not pthread's: a yield is all that it needs, and that is safe in a handler.
void SpinLock::lock() {
  while (is_held_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
}

FaultSlot& claim_slot(const RawMemory& memory) {
  const std::lock_guard lock(claiming);
  if (first_free == nullptr) add_chunk();
  FaultSlot& slot = *first_free;
  first_free = slot.next_free;
  slot.fd.store(memory.fd, std::memory_order_relaxed);
  slot.file_offset = memory.file_offset;
  slot.unit = memory.unit;
  slot.bits = memory.bits;
  slot.patch_count = 0;
  slot.patched_tail = kNowhere;
  slot.has_faulted_since_healed = false;
  slot.lowest_patched.store(kNowhere, std::memory_order_relaxed);
  slot.fault_count.store(0, std::memory_order_relaxed);
  slot.first_fault.store(kNowhere, std::memory_order_relaxed);
  const auto begin = reinterpret_cast<std::uintptr_t>(memory.data);
  set_addresses(slot, begin, begin + memory.byte_length);
  return slot;
}

void give_slot_back(FaultSlot& slot) {
  set_addresses(slot, 0, 0);
  const std::lock_guard lock(claiming);
  slot.next_free = first_free;
  first_free = &slot;
}

FaultSlot* slot_at(const void* address) noexcept {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  for (Chunk* chunk = first_chunk.load(std::memory_order_acquire); chunk != nullptr;
       chunk = chunk->next.load(std::memory_order_relaxed)) {
    for (FaultSlot& slot : chunk->slots) {
      if (holds(slot, wanted)) return &slot;
    }
  }
  return nullptr;
}

}  // namespace mapscope
