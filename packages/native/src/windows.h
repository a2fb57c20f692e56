// Raw memory for synchronous use below JavaScript's public edge: it counts as no export, since it
// is detached whenever its addresses change hands. Nobody else may ever be given it.
#pragma once

#include <napi.h>

#include <vector>

#include "guarded/touch.h"
#include "os/mapping.h"

namespace mapscope {

class Windows {
 public:
  // A Uint8Array over the mapping's own pages, the same one for the same range; undefined where
  // there is none to be had. Over pages that may not be stored to it is only to be read.
  Napi::Value open(Napi::Env env, const Mapping& mapping, Range range);

  // Detaches one and forgets it; nothing when there is none of that range.
  void close(Napi::Env env, Range range);

  void detach(Napi::Env env);

 private:
  struct Window {
    Range range;
    Napi::Reference<Napi::Uint8Array> bytes;
  };
  std::vector<Window> open_;
};

}  // namespace mapscope
