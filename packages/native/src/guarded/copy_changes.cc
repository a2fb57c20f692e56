#include "copy_changes.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include "../os/fault_guard.h"

namespace mapscope {
namespace {

// A guard covers one range; so bytes go from one to the other by way of a third.
struct Piece {
  std::byte* mapped;
  std::byte* buffer;
  std::uint64_t byte_length;
  volatile bool is_different;
};

void load_step(void* context) noexcept {
  const auto& piece = *static_cast<const Piece*>(context);
  std::memcpy(piece.buffer, piece.mapped, piece.byte_length);
}

void load_if_different_step(void* context) noexcept {
  auto& piece = *static_cast<Piece*>(context);
  if (std::memcmp(piece.buffer, piece.mapped, piece.byte_length) == 0) return;
  std::memcpy(piece.buffer, piece.mapped, piece.byte_length);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  piece.is_different = true;
}

void store_step(void* context) noexcept {
  const auto& piece = *static_cast<const Piece*>(context);
  std::memcpy(piece.mapped, piece.buffer, piece.byte_length);
}

bool run(Piece& piece, GuardedStep step) {
  return run_guarded(piece.mapped, static_cast<std::size_t>(piece.byte_length), step, &piece);
}

// A page that cannot be had where it comes from had no changes, or has lost them with the file's.
bool copy_page(std::byte* from, std::byte* to, std::byte* buffer, std::uint64_t byte_length) {
  Piece old{from, buffer, byte_length, false};
  Piece fresh{to, buffer, byte_length, false};
  const bool is_there = run(fresh, load_step);
  if (!is_there) return !run(old, load_step);
  if (!run(old, load_if_different_step) || !old.is_different) return true;
  return run(fresh, store_step);
}

}  // namespace

bool copy_changes(const Pages& from, const Pages& to, std::uint64_t byte_length) {
  const std::uint64_t page = page_size();
  std::vector<std::byte> buffer(static_cast<std::size_t>(page));
  for (std::uint64_t at = 0; at < byte_length; at += page) {
    const std::uint64_t piece = std::min(page, byte_length - at);
    if (!copy_page(from.data() + at, to.data() + at, buffer.data(), piece)) return false;
  }
  return true;
}

}  // namespace mapscope
