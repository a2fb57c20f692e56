#include <sys/prctl.h>

#include "page_name.h"

namespace mapscope {
namespace {

// PR_SET_VMA and PR_SET_VMA_ANON_NAME: the numbers, since headers before 5.17 lack the names.
constexpr int kSetOfMemory = 0x53564d41;
constexpr unsigned long kAnonymousName = 0;

}  // namespace

std::optional<OsError> name_pages(const Mapping& mapping, const std::string& name) {
  const auto address = reinterpret_cast<unsigned long>(mapping.data());
  const auto byte_length = static_cast<unsigned long>(mapping.byte_length());
  const char* const label = name.empty() ? nullptr : name.c_str();
  if (::prctl(kSetOfMemory, kAnonymousName, address, byte_length, label) == 0) return std::nullopt;
  return last_error("prctl");
}

}  // namespace mapscope
