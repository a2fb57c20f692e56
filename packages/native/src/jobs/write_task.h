// writeAsync: bytes into a mapping and on to the disk.
#pragma once

#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "../os/mapping.h"
#include "job.h"

namespace mapscope {

class WriteTask final : public Task {
 public:
  // Copies the source: JavaScript may change it while the task waits.
  WriteTask(std::shared_ptr<const Mapping> mapping, std::uint64_t offset,
            std::span<const std::byte> source);

  // Cancelled before it begins, it stores nothing; after that it runs to its end.
  bool run(const CancelFlag& is_cancelled) override;
  Napi::Value result(Napi::Env env) override;

 private:
  std::shared_ptr<const Mapping> mapping_;
  std::uint64_t offset_;
  std::vector<std::byte> source_;
  std::variant<FileStatus, Failure> outcome_;
};

}  // namespace mapscope
