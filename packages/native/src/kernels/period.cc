#include "period.h"

namespace mapscope {

Period::Period(std::span<const Octet> needle) : needle_(needle), fallback_(needle.size()) {
  std::uint32_t matched = 0;
  for (std::size_t i = 1; i < needle.size(); ++i) {
    while (matched > 0 && needle[i] != needle[matched]) matched = fallback_[matched - 1];
    if (needle[i] == needle[matched]) ++matched;
    fallback_[i] = matched;
  }
}

}  // namespace mapscope
