// The system's numbers for mmap, madvise and msync, by the names that its manual gives them.
#pragma once

#include <cstdint>
#include <span>

namespace mapscope {

struct Constant {
  const char* name;
  std::int64_t value;
};

// A row for each name that this system has.
std::span<const Constant> system_constants();

// The MADV_... row that has this number; null when none has.
const char* advice_name(std::int64_t advice);

// What the offset of a mapping must be a multiple of.
std::uint64_t allocation_granularity();

}  // namespace mapscope
