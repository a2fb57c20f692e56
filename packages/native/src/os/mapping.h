// One mmap and the file behind it: the seam between systems. One class, one .cc per system
// (binding.gyp picks).
//
// Reading or writing data() can raise SIGBUS at any time (a file cut short, a full disk, a lost
// server): only guarded/ does it, under fault_guard.h. The functions here are system calls and
// never touch the pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "error.h"
#include "file_status.h"
#include "owned_fd.h"

namespace mapscope {

enum class Access { kRead, kWrite, kCopy };

struct MapOptions {
  int fd;
  std::uint64_t offset;
  std::uint64_t byte_length;
  Access access;
};

class Mapping {
 public:
  // The descriptor is duplicated (close-on-exec); the caller keeps its own.
  static Result<Mapping> open(const MapOptions& options);

  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  std::byte* data() const { return data_; }
  std::uint64_t byte_length() const { return options_.byte_length; }
  std::uint64_t file_offset() const { return options_.offset; }
  bool is_writable() const { return options_.access != Access::kRead; }

  Result<FileStatus> status() const { return file_status(file_.get()); }

  // Writes changed pages to the disk and waits. `offset` is a multiple of page_size().
  std::optional<OsError> flush(std::uint64_t offset, std::uint64_t byte_length) const;

  // Brings pages in without a signal where they cannot be had. Only a hint: what failed shows when
  // the page is touched.
  void populate(std::uint64_t offset, std::uint64_t byte_length) const;

  // Drops page-table entries, which count as this process' memory; the page cache keeps the bytes,
  // changed ones too. Nothing happens on a kCopy mapping: its changes live in those very pages.
  std::optional<OsError> release_pages(std::uint64_t offset, std::uint64_t byte_length) const;

  // Start of the next data or hole at or after a FILE offset, or -1. The file position, which the
  // duplicate shares with the caller's descriptor, is put back; only somebody reading by position
  // on another thread at that moment could see it move.
  Result<std::int64_t> seek_data(std::uint64_t file_offset) const;
  Result<std::int64_t> seek_hole(std::uint64_t file_offset) const;

 private:
  Mapping(const MapOptions& options, OwnedFd file, std::byte* data);
  void unmap();

  MapOptions options_;
  OwnedFd file_;
  std::byte* data_;
};

std::uint64_t page_size();

}  // namespace mapscope
