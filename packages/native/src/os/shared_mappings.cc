#include "shared_mappings.h"

#include <map>
#include <mutex>
#include <random>

namespace mapscope {
namespace {

struct Registry {
  std::mutex lock;
  std::map<std::uint64_t, std::weak_ptr<Mapping>> mappings;
  std::uint64_t next = 1;
};

// For good: threads may still ask while the process' statics go.
Registry& registry() {
  static Registry* const one = new Registry;
  return *one;
}

bool is_same(const std::weak_ptr<Mapping>& known, const std::shared_ptr<Mapping>& wanted) {
  return !known.owner_before(wanted) && !wanted.owner_before(known);
}

}  // namespace

std::uint64_t share_mapping(const std::shared_ptr<Mapping>& mapping) {
  Registry& all = registry();
  const std::lock_guard lock(all.lock);
  for (auto one = all.mappings.begin(); one != all.mappings.end();) {
    if (is_same(one->second, mapping)) return one->first;
    one = one->second.expired() ? all.mappings.erase(one) : std::next(one);
  }
  all.mappings.emplace(all.next, mapping);
  return all.next++;
}

std::shared_ptr<Mapping> open_shared_mapping(std::uint64_t number) {
  Registry& all = registry();
  std::shared_ptr<Mapping> mapping;
  {
    const std::lock_guard lock(all.lock);
    const auto found = all.mappings.find(number);
    if (found != all.mappings.end()) mapping = found->second.lock();
  }
  if (mapping == nullptr) return nullptr;
  const std::lock_guard lock(mapping->holds().opening);
  if (mapping->holds().objects.load(std::memory_order_acquire) == 0) return nullptr;
  mapping->holds().objects.fetch_add(1, std::memory_order_relaxed);
  return mapping;
}

std::uint64_t process_nonce() {
  static const std::uint64_t nonce = [] {
    std::random_device random;
    return (std::uint64_t{random()} << 21) ^ random();
  }();
  return nonce;
}

}  // namespace mapscope
