// Where a mapped file ends now. The kernel shows zeros from there to the end of that page and loses
// what is stored there, without a word; only fstat tells.
#pragma once

#include <cstdint>

#include "../os/mapping.h"

namespace mapscope {

struct FileEnd {
  std::uint64_t offset;  // in the mapping: bytes from here on are not in the file. At most the
                         // mapping's length.
  std::uint64_t file_byte_length;  // as fstat says, for error messages
};

// What is no regular file (a block device) has no end that fstat knows: then it is the mapping's,
// as it is when fstat fails.
FileEnd file_end(const Mapping& mapping);

// The fault that a touch of `offset` would be, with the file's size now.
Fault fault_at(const Mapping& mapping, std::uint64_t offset);

}  // namespace mapscope
