// The store behind writeAsync: into the pages, and on to the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "../os/mapping.h"

namespace mapscope {

// Stores nothing when the range does not lie wholly before the file's end, or when there is no file
// to tell of (EBADF). A Fault while storing
// (disk full, file cut) leaves the bytes before it stored but not flushed. Blocks for as long as
// the disk takes: for a pool thread.
//
// The status is the file's right after the store and before the msync, which may take long: what
// others store meanwhile must not pass for ours.
std::variant<FileStatus, Failure> write_and_flush(const Mapping& mapping, std::uint64_t offset,
                                                  const std::byte* source,
                                                  std::uint64_t byte_length);

}  // namespace mapscope
