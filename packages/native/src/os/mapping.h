// One mmap and the file behind it: the seam between systems. One class, one .cc per system
// (binding.gyp picks).
//
// Reading or writing data() can raise SIGBUS at any time (a file cut short, a full disk, a lost
// server): only guarded/ does it, under fault_guard.h. The functions here are system calls and
// never touch the pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "error.h"
#include "file_status.h"
#include "mapping_holds.h"
#include "owned_fd.h"
#include "pages.h"

namespace mapscope {

struct MapOptions {
  int fd;  // kNoFile: anonymous memory
  std::uint64_t offset;
  std::uint64_t byte_length;
  MapBits bits;
  bool keeps_file;
};

// Owned by the JavaScript objects that have it open and by the jobs in flight. When the last of
// them goes, and something still points to the pages, zeros are put there.
class Mapping {
 public:
  // The descriptor is duplicated (close-on-exec); the caller keeps its own.
  static Result<std::shared_ptr<Mapping>> open(const MapOptions& options);

  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  const std::shared_ptr<Pages>& pages() const { return pages_; }
  std::byte* data() const { return pages_->data(); }
  std::uint64_t byte_length() const { return pages_->byte_length(); }
  std::uint64_t file_offset() const { return pages_->file_offset(); }
  bool is_readable() const { return pages_->is_readable(); }
  bool is_writable() const { return pages_->is_writable(); }
  bool is_private() const { return pages_->is_private(); }

  // False for anonymous memory and where the file was not kept: then whatever asks the file answers
  // EBADF.
  bool has_file() const { return file_ != nullptr; }
  const std::shared_ptr<const OwnedFd>& file() const { return file_; }

  // Private pages over the same bytes, from the start of the page that holds `offset`: stores to
  // them neither reach the file nor are seen here. EBADF when the file was not kept.
  Result<std::shared_ptr<Pages>> private_twin(std::uint64_t offset,
                                              std::uint64_t byte_length) const;

  MappingHolds& holds() const { return holds_; }

  Result<FileStatus> status() const { return file_status(descriptor()); }

  // Of the whole file, not counted from file_offset().
  std::optional<OsError> set_file_byte_length(std::uint64_t byte_length) const;

  // For whoever alone has it open. Where something still points to the old ones, zeros are put.
  void replace_pages(std::shared_ptr<Pages> pages);

  // Writes changed pages to the disk and waits. `offset` is a multiple of page_size().
  std::optional<OsError> flush(std::uint64_t offset, std::uint64_t byte_length) const;

  // Brings pages in without a signal where they cannot be had. Only a hint: what failed shows when
  // the page is touched.
  void populate(std::uint64_t offset, std::uint64_t byte_length) const;

  // Drops page-table entries, which count as this process' memory; the page cache keeps the bytes,
  // changed ones too. Nothing happens on a private mapping: its changes live in those very pages.
  std::optional<OsError> release_pages(std::uint64_t offset, std::uint64_t byte_length) const;

  // Start of the next data or hole at or after a FILE offset, or -1. The file position, which the
  // duplicate shares with the caller's descriptor, is put back; only somebody reading by position
  // on another thread at that moment could see it move.
  Result<std::int64_t> seek_data(std::uint64_t file_offset) const;
  Result<std::int64_t> seek_hole(std::uint64_t file_offset) const;

 private:
  Mapping(std::shared_ptr<const OwnedFd> file, std::shared_ptr<Pages> pages);
  int descriptor() const { return has_file() ? file_->get() : kNoFile; }

  std::shared_ptr<const OwnedFd> file_;
  std::shared_ptr<Pages> pages_;
  mutable MappingHolds holds_;
};

}  // namespace mapscope
