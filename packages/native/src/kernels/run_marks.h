// What is looked for in runs, as a table: a file and a row for each. Given bytes, a kind says which
// of them are in runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "byte_masks.h"

namespace mapscope {

// Marked at a time.
constexpr std::size_t kMarkWords = kMostMaskWords;
constexpr std::uint64_t kMarkBytes = kMarkWords * 64;

struct RunMarks {
  std::uint64_t in_run[kMarkWords];
  std::uint64_t starts[kMarkWords];  // of characters
};

// Plain, and passed from one 4 KiB to the next: which bytes at the beginning belong to a character
// of before; of equal bytes, the last one's value.
using MarkCarry = std::uint64_t;

struct RunKind {
  std::string_view name;
  // Bytes behind a byte that have to be known to say what it is.
  std::uint64_t lookahead;
  // A character's least bytes.
  std::uint64_t character_byte_length;
  // Each marked byte is a character.
  bool is_byte_a_character;
  // A run of n marked bytes stands for n + this many.
  std::uint64_t excess;
  // Marks the first kMarkWords words of `length` bytes; what lies past `length` is in no run. May
  // look at (and nothing else but) all of them. Runs in a guarded step.
  MarkCarry (*mark)(const ByteMaskTier& tier, const std::byte* bytes, std::uint64_t length,
                    MarkCarry carry, RunMarks& marks) noexcept;
};

// Characters of 0x20 to 0x7E. A TAB is none.
extern const RunKind kAsciiText;
// Well-formed UTF-8 (RFC 3629: no overlong form, no surrogate) of printable characters.
extern const RunKind kUtf8Text;
// Characters of 0x20 to 0x7E in two bytes each, at even and odd offsets alike.
extern const RunKind kUtf16LeText;
extern const RunKind kUtf16BeText;
// A byte and the next are the same.
extern const RunKind kEqualBytes;

// By its name in lib/binding.ts; null when there is none.
const RunKind* text_kind(std::string_view name);

}  // namespace mapscope
