// Who keeps a mapping open. Counted one by one: a use_count would also count whoever is only
// looking.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

namespace mapscope {

struct MappingHolds {
  std::atomic<int> objects = 0;  // JavaScript's, one in each thread that has it open
  std::atomic<int> jobs = 0;     // in flight
  // Held to become one more of the objects; and by an object that must stay the only one for a
  // while.
  std::mutex opening;
};

// A pointer that counts as a job for as long as a copy of it lives.
template <class M>
std::shared_ptr<const M> held_by_job(std::shared_ptr<M> mapping) {
  const M* const held = mapping.get();
  held->holds().jobs.fetch_add(1, std::memory_order_relaxed);
  return std::shared_ptr<const M>(held, [mapping = std::move(mapping)](const M* one) mutable {
    one->holds().jobs.fetch_sub(1, std::memory_order_release);
    mapping.reset();
  });
}

}  // namespace mapscope
