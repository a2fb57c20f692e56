// A label for memory, which the system shows beside it.
#pragma once

#include <optional>
#include <string>

#include "error.h"
#include "mapping.h"

namespace mapscope {

// Of anonymous memory only; "" takes the label away. Linux shows it in /proc/PID/maps, of printable
// ASCII less five signs and 79 bytes at most. EINVAL also where the kernel was built without
// labels, EBADF for shared memory before 6.2, ENOTSUP on other systems.
std::optional<OsError> name_pages(const Mapping& mapping, const std::string& name);

}  // namespace mapscope
