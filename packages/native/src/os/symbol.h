// Functions that only newer hosts of the addon have, found at run time: linking to them would keep
// it from loading in the others.
#pragma once

namespace mapscope {

// Null when the process has none of that name.
void* find_symbol(const char* name);

template <class F>
F find_function(const char* name) {
  return reinterpret_cast<F>(find_symbol(name));
}

}  // namespace mapscope
