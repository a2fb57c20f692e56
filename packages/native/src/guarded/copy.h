// The strict copies behind copyOut, copyIn, getByte and setByte: they stop at the first byte that
// cannot be had, and say which.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "../os/mapping.h"

namespace mapscope {

// Asks fstat besides, always: bytes past the file's end in its last page read as zeros, and a store
// there is lost. (About 200 ns.) Bytes before the fault have been copied.
std::optional<Fault> copy_out(const Mapping& mapping, std::uint64_t offset, std::byte* target,
                              std::uint64_t byte_length);
std::optional<Fault> copy_in(const Mapping& mapping, std::uint64_t offset, const std::byte* source,
                             std::uint64_t byte_length);

// Without that fstat, which would double their price: past the end of the file, in its last page
// only, a byte reads as zero.
std::optional<Fault> get_byte(const Mapping& mapping, std::uint64_t offset, std::byte& value);
std::optional<Fault> set_byte(const Mapping& mapping, std::uint64_t offset, std::byte value);

}  // namespace mapscope
