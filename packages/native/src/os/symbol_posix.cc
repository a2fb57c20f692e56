#include <dlfcn.h>

#include "symbol.h"

namespace mapscope {

void* find_symbol(const char* name) { return ::dlsym(RTLD_DEFAULT, name); }

}  // namespace mapscope
