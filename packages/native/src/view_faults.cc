#include "view_faults.h"

#include <algorithm>
#include <utility>

namespace mapscope {

ViewFaults::ViewFaults(const Mapping& mapping)
    : seen_(view_fault_counter().load(std::memory_order_acquire)),
      own_{mapping.pages()->region(), 0, mapping.pages()->patched().fault_count} {}

void ViewFaults::watch(std::shared_ptr<FaultRegion> region, std::uint64_t offset) {
  if (others_.size() >= tidy_at_) forget_what_is_gone();
  others_.push_back(Watched{std::move(region), offset, 0});
}

void ViewFaults::forget_what_is_gone() {
  std::erase_if(others_, [](const Watched& one) {
    return one.region->is_retired() && one.region->fault_count() == one.told;
  });
  tidy_at_ = std::max<std::size_t>(16, 2 * others_.size());
}

// False when something stays patched.
bool ViewFaults::look_at(Watched& watched, News& news) {
  if (watched.region == nullptr) return true;
  const std::uint32_t count = watched.region->fault_count();
  const std::uint64_t first = watched.offset + watched.region->first_fault();
  const bool is_whole = watched.region->heal();
  if (count != watched.told) news.untold = std::min(news.untold.value_or(first), first);
  if (!is_whole) news.lost = std::min(news.lost.value_or(first), first);
  watched.told = count;
  return is_whole;
}

ViewFaults::News ViewFaults::take(const Mapping& mapping) {
  const std::int32_t now = view_fault_counter().load(std::memory_order_acquire);
  // Another thread may have given out the mapping's memory first, or resizing changed it.
  if (auto region = mapping.pages()->region(); region != own_.region)
    own_ = Watched{std::move(region), 0, 0};
  News news;
  bool is_whole = look_at(own_, news);
  for (Watched& other : others_) is_whole = look_at(other, news) && is_whole;
  seen_ = is_whole ? now : now - 1;  // what stays patched is looked at in every call
  return news;
}

}  // namespace mapscope
