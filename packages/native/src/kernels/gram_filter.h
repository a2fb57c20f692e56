// For needles with at least 4 solid bytes in a row: of those, every needle has a window of the same
// length in which it can be recognised. A text is looked at only at every so many places that each
// such window holds one of them, 4 bytes at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "needle_filter.h"

namespace mapscope {

class GramFilter final : public NeedleFilter {
 public:
  static constexpr std::uint64_t kGram = 4;

  // The longest run of solid bytes that can be used, of 0 to 20.
  static std::uint64_t usable_run(const MaskedBytes& needle);

  // Each of these needles has a usable run of at least `window` (4 to 20) bytes.
  GramFilter(std::span<const MaskedBytes> needles, const NeedleNumbers& numbers,
             std::uint64_t window);

  bool scan(const Text& text, NeedleScan& scan) const noexcept override;

 private:
  struct Entry {
    std::uint32_t gram;
    // Four bytes more, where the needle has them: most chains end here.
    std::uint32_t after;
    std::uint32_t after_mask;
    std::uint32_t needle;
    std::uint32_t offset;  // of the gram in the needle
  };

  bool take_chain(const Text& text, std::uint64_t at, std::uint32_t gram,
                  NeedleScan& scan) const noexcept;
  void add_entries(const MaskedBytes& needle, std::uint32_t number);
  void index_entries();

  std::uint64_t window_;
  std::uint64_t stride_;
  std::uint64_t last_offset_ = 0;       // the largest offset of an entry
  std::vector<Entry> entries_;          // by bucket
  std::vector<std::uint32_t> buckets_;  // where each begins; one more than there are
  std::vector<std::uint64_t> seen_;     // a bit for each hash
  std::uint32_t bucket_shift_ = 0;
  std::uint32_t seen_shift_ = 0;
};

}  // namespace mapscope
