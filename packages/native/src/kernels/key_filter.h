// For needles that are too short or too masked to be recognised by 4 bytes: by two bytes in a row,
// or by one, that are looked at in every place of the text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "needle_filter.h"

namespace mapscope {

class KeyFilter final : public NeedleFilter {
 public:
  // Where in a needle its key is: two bytes, or one. A key that has too many forms (bits that do
  // not count) is none.
  struct Key {
    std::uint64_t offset;
    std::uint64_t forms;  // how many byte values, or pairs of them, it accepts
  };
  static Key best_key(const MaskedBytes& needle, std::uint64_t byte_length);

  // Keys of `key_length` bytes (1 or 2).
  KeyFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
            std::uint64_t key_length);

  bool scan(const Text& text, NeedleScan& scan) const noexcept override;

 private:
  struct Entry {
    std::uint32_t needle;
    std::uint32_t offset;
  };
  struct KeyedEntry {
    std::uint32_t key;
    Entry entry;
  };

  void add_forms(std::vector<KeyedEntry>& entries, const MaskedBytes& needle,
                 std::uint32_t number) const;
  bool take_chain(const Text& text, std::uint64_t at, std::uint32_t key,
                  NeedleScan& scan) const noexcept;

  std::uint64_t key_length_;
  std::uint64_t last_offset_ = 0;
  std::vector<Entry> entries_;          // by key
  std::vector<std::uint32_t> buckets_;  // where each key's begin; one more than there are keys
  std::vector<std::uint64_t> seen_;     // a bit for each key that has some
};

}  // namespace mapscope
