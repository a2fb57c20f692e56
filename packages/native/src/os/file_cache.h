// The page cache of a mapped file: what was read from it for anybody, kept after they are done.
#pragma once

#include <cstdint>
#include <optional>

#include "error.h"
#include "mapping.h"

namespace mapscope {

// Gives whole pages of the range back to the system: those that are the same as on the disk, and
// that nobody has mapped, locked or under way. All others stay, so nobody can lose anything but
// time. ENOTSUP where the system has no call for it, EBADF when the file was not kept.
//
// Pages of the mapping itself count as mapped: let go of them first (Mapping::release_pages).
std::optional<OsError> drop_cached(const Mapping& mapping, std::uint64_t offset,
                                   std::uint64_t byte_length);

// Whether residency() may be believed: Linux calls every page resident of a file that this user
// could not write.
bool tells_residency(const Mapping& mapping);

}  // namespace mapscope
