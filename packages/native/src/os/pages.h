// One range of addresses that is ours, and what is needed to map its file there again.
//
// It is owned by shared_ptr: by the Mapping, and by everything in JavaScript that points into it
// (an ArrayBuffer, a string). The addresses are given back when the last of them goes, and never
// before, whatever became of the mapping.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

#include "error.h"
#include "owned_fd.h"

namespace mapscope {

// What a mapping may do to the file, in one word: nothing, store to it, or store to private pages
// of its own.
enum class Access { kRead, kWrite, kCopy };

// The system's PROT_... and MAP_... bits.
struct MapBits {
  int protection;
  int flags;
};

MapBits map_bits(Access access);

constexpr int kNoFile = -1;

class FaultRegion;
struct Patched;

struct PagesOptions {
  int fd;  // kNoFile: anonymous memory, as with MAP_ANONYMOUS among the flags
  // The same file, to map it again; null when it is not kept, and for anonymous memory.
  std::shared_ptr<const OwnedFd> file;
  std::uint64_t file_offset;
  std::uint64_t byte_length;
  MapBits bits;
};

class Pages {
 public:
  // EINVAL for MAP_FIXED and its like: which addresses are free is not for a caller to say. ENOMEM
  // beyond map_limit(), too.
  static Result<std::shared_ptr<Pages>> map(PagesOptions options);

  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages();

  std::byte* data() const { return data_; }
  std::uint64_t byte_length() const { return options_.byte_length; }
  std::uint64_t file_offset() const { return options_.file_offset; }

  // The size of the pages that it is made of.
  std::uint64_t unit() const { return unit_; }

  // False for PROT_NONE and the like: a touch would be SIGSEGV, which nothing guards against.
  bool is_readable() const;
  bool is_writable() const;
  bool is_private() const;
  bool is_anonymous() const;

  // To be called before the first raw pointer is given out: from then on a fault here is patched
  // instead of fatal. Idempotent.
  void expose();
  // Null before that. Outlives the pages.
  std::shared_ptr<FaultRegion> region() const;
  // What of the bytes is not true for want of healing.
  Patched patched() const;

  // Puts zeros in the place of the bytes and lets the file go: for when the mapping is closed and
  // something may still point here. Where not even that can be had, the file stays.
  void bury();

  // The same file from the same place, or anonymous memory of the same kind, at new addresses.
  // EBADF when the file was not kept.
  Result<std::shared_ptr<Pages>> mapped_again(std::uint64_t byte_length) const;

  // These two, for a sole owner, give what they have to their successor: nothing may be asked of
  // them after a success. Changes in private pages are kept.
  std::shared_ptr<Pages> shrunk(std::uint64_t byte_length);
  // ENOTSUP where the system cannot do it without mapping again.
  Result<std::shared_ptr<Pages>> grown(std::uint64_t byte_length);

  // The same bytes at new addresses; what is left here means nothing, and stays until it is buried.
  // For private and anonymous memory. ENOTSUP where the system cannot, and nothing has happened.
  Result<std::shared_ptr<Pages>> moved_out() const;

 private:
  Pages(PagesOptions options, std::byte* data, std::uint64_t unit);

  std::uint64_t owned_for(std::uint64_t byte_length) const;
  std::shared_ptr<Pages> at(std::byte* data, std::uint64_t byte_length) const;
  std::shared_ptr<Pages> succeeded_by(std::byte* data, std::uint64_t byte_length);

  PagesOptions options_;
  std::byte* data_;  // null: given to a successor
  // What munmap takes: whole huge pages where the memory is made of them.
  std::uint64_t owned_byte_length_;
  std::uint64_t unit_;

  mutable std::mutex exposing_;
  std::shared_ptr<FaultRegion> region_;
  std::atomic<FaultRegion*> exposed_ = nullptr;  // the same, for those who read
};

std::uint64_t page_size();

}  // namespace mapscope
