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
  std::int64_t modified_ns;
  std::int64_t changed_ns;
  // Raw memory of the mapping was touched where it could not be had, and shows zeros from `offset`
  // on (or did, and was healed).
  std::uint32_t view_faults;

  // The same before and after some bytes were touched: nobody cut the file off and grew it again
  // meanwhile, which would have shown zeros that were never in it. As sharp as the file system's
  // clock: a kernel before 6.13 dates changes by its tick of some ms.
  bool operator==(const FileEnd&) const = default;
};

// How often bytes are touched again because the file changed meanwhile. Then the last answer
// stands: a file that is written to without a pause must not keep a reader for ever.
constexpr int kSteadyTries = 4;

// What is no regular file (a block device) has no end that fstat knows: then it is the mapping's,
// as it is when fstat fails.
FileEnd file_end(const Mapping& mapping);

// The fault that a touch of `offset` would be, with the file's size now.
Fault fault_at(const Mapping& mapping, std::uint64_t offset);

}  // namespace mapscope
