// Bringing pages in ahead of touching them; each system has its own advice for it.
#pragma once

#include <cstddef>
#include <optional>

#include "error.h"

namespace mapscope {

// `begin` is page-aligned. Failure is not reported: a page that cannot be had shows when it is
// touched.
void populate_pages(std::byte* begin, std::size_t byte_length);

// The same, and waits for the pages: nothing when all are there. ENOTSUP where the system has no
// such call. `begin` is page-aligned.
std::optional<OsError> bring_in_pages(std::byte* begin, std::size_t byte_length);

}  // namespace mapscope
