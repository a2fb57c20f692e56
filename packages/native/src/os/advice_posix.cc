#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "advice.h"
#include "constants.h"

namespace mapscope {
namespace {

// These read, write or free page by page, 16 MiB in some milliseconds when the disk is quick.
constexpr std::uint64_t kSlowPiece = 16 << 20;
constexpr std::string_view kSlow[] = {"MADV_WILLNEED", "MADV_COLD",          "MADV_PAGEOUT",
                                      "MADV_REMOVE",   "MADV_POPULATE_READ", "MADV_POPULATE_WRITE"};

// These only drop pages, which is quick; and with huge pages of 1 GiB a piece must not begin inside
// one.
constexpr std::uint64_t kQuickPiece = 1 << 30;
constexpr std::string_view kQuick[] = {"MADV_DONTNEED", "MADV_DONTNEED_LOCKED", "MADV_FREE"};

template <std::size_t N>
bool has(const std::string_view (&names)[N], const char* name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// Pieces end where an address is a multiple of this. 0: all at once. MADV_COLLAPSE is among those,
// since it answers EINVAL for a piece without a whole huge page.
std::uint64_t piece_of(int advice) {
  const char* const name = advice_name(advice);
  if (name == nullptr) return 0;
  if (has(kSlow, name)) return kSlowPiece;
  return has(kQuick, name) ? kQuickPiece : 0;
}

}  // namespace

std::optional<OsError> advise(const Mapping& mapping, int advice, std::uint64_t offset,
                              std::uint64_t byte_length) {
  if (advice_name(advice) == nullptr) return OsError{EINVAL, "madvise"};
  if (::madvise(mapping.data() + offset, static_cast<std::size_t>(byte_length), advice) == 0)
    return std::nullopt;
  return last_error("madvise");
}

std::uint64_t advice_piece_end(const Mapping& mapping, int advice, std::uint64_t offset,
                               std::uint64_t end) {
  const std::uint64_t piece = piece_of(advice);
  if (piece == 0) return end;
  const auto address = reinterpret_cast<std::uintptr_t>(mapping.data()) + offset;
  return std::min(end, offset + (piece - address % piece));
}

}  // namespace mapscope
