// A JavaScript object's hold on a mapping.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "os/mapping.h"
#include "os/shared_mappings.h"

namespace mapscope {

// Counts as one of the objects that have the mapping open, until it is reset or destroyed.
class HeldMapping {
 public:
  HeldMapping() = default;
  explicit HeldMapping(std::shared_ptr<Mapping> mapping) : mapping_(std::move(mapping)) {
    mapping_->holds().objects.fetch_add(1, std::memory_order_relaxed);
  }
  // Of another thread; empty when it is open in none.
  static HeldMapping of_shared(std::uint64_t number) {
    HeldMapping held;
    held.mapping_ = open_shared_mapping(number);
    return held;
  }
  HeldMapping(HeldMapping&& other) noexcept : mapping_(std::move(other.mapping_)) {}
  HeldMapping& operator=(HeldMapping&& other) noexcept {
    reset();
    mapping_ = std::move(other.mapping_);
    return *this;
  }
  ~HeldMapping() { reset(); }

  void reset() {
    if (mapping_ != nullptr) mapping_->holds().objects.fetch_sub(1, std::memory_order_release);
    mapping_.reset();
  }

  explicit operator bool() const { return mapping_ != nullptr; }
  Mapping& operator*() const { return *mapping_; }
  Mapping* operator->() const { return mapping_.get(); }
  const std::shared_ptr<Mapping>& shared() const { return mapping_; }

  // What a task takes: it counts as a job for as long as it lives.
  std::shared_ptr<const Mapping> for_job() const { return held_by_job(mapping_); }

 private:
  std::shared_ptr<Mapping> mapping_;
};

}  // namespace mapscope
