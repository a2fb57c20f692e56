// For a few needles of which some are short or masked: each is recognised by three bytes, in every
// place of the text, many places at once. Measured beside two passes with tables of pairs and
// grams: see docs/findings.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "needle_filter.h"
#include "nibble_marks.h"

namespace mapscope {

class NibbleFilter final : public NeedleFilter {
 public:
  // More share buckets with too many others: then the marks stand everywhere.
  static constexpr std::size_t kMostNeedles = 3 * kNibbleBuckets * kMostNibbleGroups;

  // 1 to kMostNeedles of them.
  NibbleFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
               MarkNibbles mark);

  bool scan(const Text& text, NeedleScan& scan) const noexcept override;

 private:
  struct Entry {
    std::uint32_t needle;
    std::uint32_t offset;  // of the three bytes in the needle
  };
  using Bucket = std::vector<Entry>;

  bool scan_blocks(const Text& text, std::uint64_t first, std::size_t blocks, const Octet* bytes,
                   NeedleScan& scan) const noexcept;
  bool take_block(const Text& text, std::uint64_t first, const NibbleMarks& marks,
                  NeedleScan& scan) const noexcept;
  bool take_bucket(const Text& text, std::uint64_t at, const Bucket& bucket,
                   NeedleScan& scan) const noexcept;

  MarkNibbles mark_;
  std::uint64_t last_offset_ = 0;
  std::vector<NibbleGroup> groups_;
  std::vector<Bucket> buckets_;  // 8 for each group, but for the last
};

}  // namespace mapscope
