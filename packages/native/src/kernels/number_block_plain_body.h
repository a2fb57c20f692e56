// 64 numbers, one after the other: of the tier for machines without vectors that we know.

namespace mapscope {
namespace {

template <class T, class Range>
class NumberBlock {
 public:
  NumberBlock(const Range& range, bool is_swapped, const Alignment&)
      : range_(range), is_swapped_(is_swapped) {}

  bool has(const Octet* at) const { return range_.has(number_at<T>(at, is_swapped_)); }

  std::uint64_t bits(const Octet* at) const {
    std::uint64_t found = 0;
    for (std::uint64_t i = 0; i < 64; ++i) found |= std::uint64_t{has(at + i)} << i;
    return found;
  }

 private:
  Range range_;
  bool is_swapped_;
};

}  // namespace
}  // namespace mapscope
