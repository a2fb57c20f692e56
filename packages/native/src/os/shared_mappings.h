// The mappings that threads of this process share, by number.
#pragma once

#include <cstdint>
#include <memory>

#include "mapping.h"

namespace mapscope {

// The same number for the same mapping, always; never given to another.
std::uint64_t share_mapping(const std::shared_ptr<Mapping>& mapping);

// Null when no such mapping is open in any thread. One that is has its holds().objects raised
// already, for the caller: it cannot be closed in between.
std::shared_ptr<Mapping> open_shared_mapping(std::uint64_t number);

// Random, and the same for as long as the process lives: its mappings' numbers mean nothing to
// another, which may have been given the same process number. An exact double.
std::uint64_t process_nonce();

}  // namespace mapscope
