#include "run_marks.h"

namespace mapscope {

const RunKind* text_kind(std::string_view name) {
  for (const RunKind* kind : {&kAsciiText, &kUtf8Text, &kUtf16LeText, &kUtf16BeText})
    if (kind->name == name) return kind;
  return nullptr;
}

}  // namespace mapscope
