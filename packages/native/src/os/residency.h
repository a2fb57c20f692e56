// mincore: which pages are in memory. A picture, not a promise:
// - it tells of the page cache, not of this process' page table, and may be old when it arrives;
// - pages of a range that was cut off the file are called resident;
// - Linux (since 5.2) calls every page resident of a file that this user could not write.
#pragma once

#include <cstdint>
#include <optional>

#include "error.h"
#include "mapping.h"

namespace mapscope {

// How many pages hold some of the range.
std::uint64_t page_count(std::uint64_t offset, std::uint64_t byte_length);

// One bit for each of those pages into `bitmap`, the first in a byte's lowest bit: set when the
// page is in memory. `bitmap` holds (page_count + 7) / 8 bytes; what the last one has over is
// clear.
std::optional<OsError> residency(const Mapping& mapping, std::uint64_t offset,
                                 std::uint64_t byte_length, std::uint8_t* bitmap);

}  // namespace mapscope
