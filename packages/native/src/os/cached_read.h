// Bytes that the system has in memory, without ever waiting for a disk.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mapping.h"

namespace mapscope {

enum class CachedRead {
  kRead,
  kNotThere,     // some of it is not in memory, or cannot be read, or the file has it no more
  kUnsupported,  // the system or the file system cannot tell, or the pages are not the file's
};

// Fills `target` from a mapping's offset. What it holds after anything but kRead means nothing.
CachedRead read_cached(const Mapping& mapping, std::uint64_t offset, std::byte* target,
                       std::size_t byte_length);

}  // namespace mapscope
