// What one JavaScript object has been told of the faults in its raw memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "os/fault_region.h"
#include "os/mapping.h"

namespace mapscope {

class ViewFaults {
 public:
  // What happened to a mapping before is not this object's.
  explicit ViewFaults(const Mapping& mapping);

  // Whether take() may have something to say. One load: this is asked at every call.
  bool may_have_news() const {
    return seen_ != view_fault_counter().load(std::memory_order_relaxed);
  }

  // Memory of this object's own, besides the mapping's; it begins at that offset of the mapping.
  void watch(std::shared_ptr<FaultRegion> region, std::uint64_t offset);

  // Offsets in the mapping.
  struct News {
    std::optional<std::uint64_t> untold;  // the first fault that was not told of; now it is
    std::optional<std::uint64_t> lost;    // one that cannot be healed
  };

  // Heals whatever can be.
  News take(const Mapping& mapping);

 private:
  struct Watched {
    std::shared_ptr<FaultRegion> region;
    std::uint64_t offset;
    std::uint32_t told;
  };
  static bool look_at(Watched& watched, News& news);
  void forget_what_is_gone();

  std::int32_t seen_;
  Watched own_;
  std::vector<Watched> others_;
  std::size_t tidy_at_ = 16;
};

}  // namespace mapscope
