// Raw memory that JavaScript touches unguarded, and what became of it.
//
// A fault there cannot be jumped out of: compiled JavaScript is no guarded step. So the handler
// puts zeros in the page's place, counts, and lets the instruction run again; whoever calls next
// heals the memory and tells. From the end of the file on it is the whole rest at once: page by
// page would be two mappings each, and the process may have 65,530.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "fault_slots.h"

namespace mapscope {

// Of the whole process: raised before zeros stand anywhere.
std::atomic<std::int32_t>& view_fault_counter();

// What of a piece of raw memory is not true now.
struct Patched {
  std::uint64_t lowest = kNowhere;  // true up to here
  std::uint32_t fault_count = 0;    // ever
};

class FaultRegion {
 public:
  explicit FaultRegion(const RawMemory& memory) : slot_(&claim_slot(memory)) {}
  FaultRegion(const FaultRegion&) = delete;
  FaultRegion& operator=(const FaultRegion&) = delete;
  ~FaultRegion() { retire(); }

  // For whoever keeps the memory alive meanwhile; no lock.
  Patched patched() const;

  // For anybody, also when the memory is gone.
  std::uint32_t fault_count() const;
  std::uint64_t first_fault() const;  // of those since it was healed, in bytes from the begin

  // Maps the file again over what was patched. False where that cannot be: no file, no memory.
  bool heal();

  // The file is about to be closed; what was patched stays so.
  void forget_file();

  // The addresses are about to be given back. Idempotent.
  void retire();
  bool is_retired() const;

 private:
  mutable std::mutex retiring_;
  FaultSlot* slot_;
  std::uint32_t last_fault_count_ = 0;
  std::uint64_t last_first_fault_ = kNowhere;
};

// For the handler: makes the memory at a faulting address readable. False when it is not ours, or
// not even zeros can be had.
bool patch_fault(const void* address) noexcept;

}  // namespace mapscope
