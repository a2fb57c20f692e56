// Runs of bytes of one kind, long enough to tell of: strings, and bytes that are all the same.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "../kernels/mask_runs.h"
#include "../kernels/run_marks.h"
#include "head_run.h"
#include "sweep.h"

namespace mapscope {

// Where a search for runs stands between two jobs. Plain.
struct RunState {
  OpenRun open;
  MarkCarry carry;
};

class RunSweeper final : public Sweeper {
 public:
  // `characters`: the least that a run has (of equal bytes: bytes less one).
  // `from`: nothing where what came before is not known; then head() is told.
  RunSweeper(const RunKind& kind, std::uint64_t characters, const std::optional<RunState>& from);

  std::uint64_t look(const std::byte* bytes, Range window, bool is_last) noexcept override;
  void keep() override;
  void skip(Range gap) override;

  // Ends what is open, at the end of everything.
  void finish(std::uint64_t end);

  const RunState& state() const { return kept_; }
  // Among the runs as well when it is long enough.
  const HeadRun& head() const { return kept_head_; }
  const std::vector<Run>& runs() const { return runs_; }
  // One for each run of equal bytes: which.
  const std::vector<std::byte>& last_bytes() const { return last_bytes_; }

 private:
  const ByteMaskTier& tier_;
  const RunKind& kind_;
  const bool is_of_one_byte_;
  const RunLength least_;
  RunState kept_;
  RunState looked_;
  HeadRun kept_head_;
  HeadRun looked_head_;
  // What a look finds: it may not allocate. Not zeroed, which would bring its pages in for each
  // job.
  std::unique_ptr<Run[]> found_;
  std::unique_ptr<std::byte[]> found_bytes_;
  RunSink sink_{nullptr, 0};
  std::vector<Run> runs_;
  std::vector<std::byte> last_bytes_;
};

}  // namespace mapscope
