// Private pages, copied: for when the system cannot move them.
#pragma once

#include <cstdint>

#include "../os/pages.h"

namespace mapscope {

// Makes the first bytes of `to`, newly mapped of the same file or memory, those of `from`. Only
// pages that differ are stored to, so that what was never changed takes no memory again; but all
// are read. False when one that differs cannot be had in `to`.
bool copy_changes(const Pages& from, const Pages& to, std::uint64_t byte_length);

}  // namespace mapscope
