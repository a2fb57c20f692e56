// madvise: telling the kernel what will be done with pages.
#pragma once

#include <cstdint>
#include <optional>

#include "error.h"
#include "mapping.h"

namespace mapscope {

// `offset` is a multiple of page_size(). Advice that is no row of system_constants() is EINVAL
// without asking the kernel, which has some (MADV_GUARD_INSTALL) after which a touch is SIGSEGV:
// nothing guards against that.
std::optional<OsError> advise(const Mapping& mapping, int advice, std::uint64_t offset,
                              std::uint64_t byte_length);

// Where a call that begins at `offset` ends when the range is advised piece by piece, so that it
// can be cancelled. `end` itself for advice that takes no time, or that looks at its range as a
// whole.
std::uint64_t advice_piece_end(const Mapping& mapping, int advice, std::uint64_t offset,
                               std::uint64_t end);

}  // namespace mapscope
