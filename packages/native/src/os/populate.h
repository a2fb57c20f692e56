// Bringing pages in ahead of touching them; each system has its own advice for it.
#pragma once

#include <cstddef>

namespace mapscope {

// `begin` is page-aligned. Failure is not reported: a page that cannot be had shows when it is
// touched.
void populate_pages(std::byte* begin, std::size_t byte_length);

}  // namespace mapscope
