// mlock: keeping pages in memory.
#pragma once

#include <cstdint>
#include <optional>

#include "error.h"
#include "mapping.h"

namespace mapscope {

// The whole pages that hold the range. Locking reads them, on this thread. EAGAIN and ENOMEM mean
// the limit (RLIMIT_MEMLOCK), a lack of memory, or a page that cannot be had; the kernel keeps
// locked what it had locked by then, and unlocking it could undo an earlier lock, so it is left.
std::optional<OsError> lock_pages(const Mapping& mapping, std::uint64_t offset,
                                  std::uint64_t byte_length);

// Locks do not nest: one unlock undoes all.
std::optional<OsError> unlock_pages(const Mapping& mapping, std::uint64_t offset,
                                    std::uint64_t byte_length);

}  // namespace mapscope
