// How long a task keeps a pool thread before it lets others have it.
#pragma once

#include <chrono>

namespace mapscope {

class SliceTime {
 public:
  bool is_over() const { return Clock::now() >= end_; }

 private:
  using Clock = std::chrono::steady_clock;

  // The price of a slice is a turn of the event loop, about 1 % of this.
  Clock::time_point end_ = Clock::now() + std::chrono::milliseconds(50);
};

}  // namespace mapscope
