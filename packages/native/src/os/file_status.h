// fstat, as a value.
#pragma once

#include <cstdint>
#include <string>

#include "error.h"

namespace mapscope {

enum class FileKind {
  kFile,
  kDirectory,
  kPipe,
  kSocket,
  kBlockDevice,
  kCharacterDevice,
  kSymbolicLink,
  kOther
};

struct FileStatus {
  std::uint64_t byte_length;
  std::uint64_t device;
  std::uint64_t inode;
  std::uint64_t links;
  std::int64_t modified_ns;
  std::int64_t changed_ns;
  FileKind kind;

  bool operator==(const FileStatus&) const = default;
};

// One system call and nothing that a signal handler may not do: the fault handler asks for sizes
// with it.
Result<FileStatus> file_status(int fd);

// What `name` in an open directory is, itself: a symbolic link is not followed.
Result<FileStatus> file_status_at(int directory, const std::string& name);

}  // namespace mapscope
