// What can go wrong below JavaScript, as plain values: nothing in os/, kernels/ or guarded/ throws.
#pragma once

#include <cstdint>
#include <variant>

namespace mapscope {

// A system call that failed: errno, and the call's name (a literal, so it outlives everything).
struct OsError {
  int code;
  const char* syscall;
};

// A byte of a mapping that could not be touched, and the file's size right after.
struct Fault {
  std::uint64_t offset;
  std::uint64_t file_byte_length;
};

using Failure = std::variant<OsError, Fault>;

template <class T>
using Result = std::variant<T, OsError>;

// errno as it is now. Call it before anything else can overwrite errno.
OsError last_error(const char* syscall);

// "EACCES" for EACCES; "UNKNOWN" for a number not in the table. (strerrorname_np is newer than our
// oldest glibc.)
const char* errno_name(int code);

}  // namespace mapscope
