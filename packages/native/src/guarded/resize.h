// Making a mapping longer or shorter.
//
// For whoever alone has it open, without jobs in flight: no other thread may look at it meanwhile.
// What still points to the old pages (a string, an array, not collected yet) finds zeros there.
#pragma once

#include <cstdint>
#include <optional>

#include "../os/error.h"
#include "../os/mapping.h"

namespace mapscope {

// The file, if there is one, ends where the mapping does then, and new bytes are zeros. A failure
// leaves both as they were. (Nothing can fail once bytes of the file are gone.)
//
// A file grows by a hole, as CPython's does: on a full disk a store there is a fault, later.
// Rejected: posix_fallocate, which tells at once, but writes the whole of it where the file system
// cannot reserve, and on none can be undone as cheaply.
std::optional<OsError> resize(Mapping& mapping, std::uint64_t byte_length);

// Leaves the file alone, and maps its bytes from the same place anew.
std::optional<OsError> remap(Mapping& mapping, std::uint64_t byte_length);

}  // namespace mapscope
