// The kernels of the scans alone, in every tier that this processor has, on bytes with an unmapped
// page right before them or right after: one byte read outside ends this program. Prints how many
// answers agreed with naive ones, and of how many.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "../../src/kernels/byte_masks.h"
#include "../../src/kernels/histogram.h"
#include "../../src/kernels/mask_runs.h"
#include "../../src/kernels/run_marks.h"

namespace {

using namespace mapscope;

std::uint32_t state = 0;
int asked = 0;
int agreed = 0;

std::uint32_t below(std::uint32_t bound) {
  state = state * 1664525 + 1013904223;
  return static_cast<std::uint32_t>((static_cast<std::uint64_t>(state) * bound) >> 32);
}

void check(bool is_right) {
  ++asked;
  agreed += is_right ? 1 : 0;
}

std::byte* fenced_page(std::size_t page) {
  void* const pages = mmap(nullptr, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  std::byte* const middle = static_cast<std::byte*>(pages) + page;
  if (pages == MAP_FAILED || mprotect(middle, page, PROT_READ | PROT_WRITE) != 0) std::abort();
  return middle;
}

bool bit(const std::uint64_t* masks, std::size_t at) { return (masks[at / 64] >> at % 64 & 1) != 0; }

void check_masks(const ByteMaskTier& tier, const std::byte* bytes, const std::byte* others,
                 std::size_t length) {
  const auto low = static_cast<std::uint8_t>(below(256));
  const ByteClass wanted{low, static_cast<std::uint8_t>(low + below(256 - low))};
  std::uint64_t masks[66];
  class_masks(tier, bytes, length, 66, wanted, masks);
  bool is_right = true;
  for (std::size_t at = 0; at < 66 * 64; ++at) {
    const unsigned byte = at < length ? std::to_integer<unsigned>(bytes[at]) : 0;
    is_right &= bit(masks, at) == (at < length && byte >= wanted.low && byte <= wanted.high);
  }
  check(is_right);
  difference_masks(tier, bytes, others, length, 66, masks);
  is_right = true;
  for (std::size_t at = 0; at < 66 * 64; ++at)
    is_right &= bit(masks, at) == (at < length && bytes[at] != others[at]);
  check(is_right);
}

// Marks touch nothing outside either, and are the same in every tier.
void check_marks(const ByteMaskTier& tier, const std::byte* bytes, std::size_t length) {
  const ByteMaskTier& plain = *nth_byte_mask_tier(0);
  for (const RunKind* kind :
       {&kAsciiText, &kUtf8Text, &kUtf16LeText, &kUtf16BeText, &kEqualBytes}) {
    RunMarks marks;
    RunMarks expected;
    const MarkCarry carry = kind->mark(tier, bytes, length, 0, marks);
    const MarkCarry expected_carry = kind->mark(plain, bytes, length, 0, expected);
    check(carry == expected_carry && std::memcmp(&marks, &expected, sizeof(marks)) == 0);
  }
}

// Of [1000, 1512), by looking at each bit.
std::vector<Run> naive_runs(const std::uint64_t* masks, const std::uint64_t* starts,
                            RunLength least) {
  std::vector<Run> runs;
  for (std::size_t at = 0; at < 512;) {
    std::size_t end = at;
    std::uint64_t characters = 0;
    for (; end < 512 && bit(masks, end); ++end) characters += bit(starts, end) ? 1 : 0;
    if (end - at >= least.byte_length && characters >= least.characters && end > at)
      runs.push_back(Run{1000 + at, 1000 + end});
    at = end + 1;
  }
  return runs;
}

// In pieces of some words each, and with characters of one byte or of more.
void check_runs(const ByteMaskTier& tier) {
  std::uint64_t masks[8];
  std::uint64_t starts[8];
  const bool is_byte_a_character = below(2) == 0;
  for (std::size_t w = 0; w < 8; ++w) {
    std::uint64_t mask = 0;
    for (int bits = 0; bits < 64;) {
      const int run = 1 + static_cast<int>(below(below(4) == 0 ? 64 : 6));
      const std::uint64_t ones = run == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << run) - 1;
      if (below(2) == 0) mask |= ones << bits;
      bits += run;
    }
    if (below(5) == 0) mask = below(2) == 0 ? 0 : ~std::uint64_t{0};
    masks[w] = mask;
    starts[w] = is_byte_a_character ? mask : mask & (below(3) == 0 ? 0x5555'5555'1111'1111 : mask);
  }
  const std::uint64_t characters = 1 + below(below(3) == 0 ? 150 : below(2) == 0 ? 8 : 70);
  const RunLength least{characters, characters * (1 + below(2))};
  Run runs[8 * kMaxRunsInWord + 1];
  RunSink sink{runs, 0};
  OpenRun open{false, 0, 0};
  for (std::size_t w = 0; w < 8;) {
    const std::size_t count = 1 + below(static_cast<std::uint32_t>(8 - w));
    const MaskWords words{1000 + 64 * w, masks + w, is_byte_a_character ? nullptr : starts + w,
                          count};
    tier.find_runs(open, words, least, sink);
    w += count;
  }
  if (open.is_open && 1512 - open.start >= least.byte_length) close_run(open, 1512, least, sink);
  const std::vector<Run> expected = naive_runs(masks, starts, least);
  bool is_right = sink.count == expected.size();
  for (std::size_t i = 0; is_right && i < sink.count; ++i)
    is_right = runs[i].start == expected[i].start && runs[i].end == expected[i].end;
  check(is_right);
}

void check_counts(const std::byte* bytes, std::size_t length) {
  ByteCounts counts{};
  ByteCounts expected{};
  add_counts(bytes, length, counts);
  for (std::size_t at = 0; at < length; ++at) ++expected[std::to_integer<std::size_t>(bytes[at])];
  check(counts == expected);
}

}  // namespace

int main(int, char** arguments) {
  state = static_cast<std::uint32_t>(std::strtoul(arguments[1], nullptr, 10));
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::byte* const text = fenced_page(page);
  std::byte* const other = fenced_page(page);
  for (int round = 0; round < 600; ++round) {
    const std::size_t length = below(static_cast<std::uint32_t>(round % 2 == 0 ? page : 200)) + 1;
    const std::size_t start = below(2) == 0 ? page - length : 0;
    const std::uint32_t letters = below(3) == 0 ? 256 : 1 + below(4);
    for (std::size_t at = 0; at < length; ++at) {
      text[start + at] = static_cast<std::byte>(below(letters) * (letters == 256 ? 1 : 0x30));
      other[start + at] = below(8) == 0 ? std::byte{0x30} : text[start + at];
    }
    for (std::size_t n = 0; nth_byte_mask_tier(n) != nullptr; ++n) {
      check_masks(*nth_byte_mask_tier(n), text + start, other + start, length);
      check_marks(*nth_byte_mask_tier(n), text + start, length);
      for (int times = 0; times < 3; ++times) check_runs(*nth_byte_mask_tier(n));
    }
    check_counts(text + start, length);
  }
  std::printf("%d of %d\n", agreed, asked);
}
