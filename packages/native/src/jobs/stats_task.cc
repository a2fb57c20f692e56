#include "stats_task.h"

#include <utility>

namespace mapscope {

StatsTask::StatsTask(std::shared_ptr<const Mapping> mapping, Range range,
                     std::uint64_t block_byte_length)
    : SweepTask(std::move(mapping), sweeper_, {.range = range}), sweeper_(block_byte_length) {}

void StatsTask::describe(Napi::Env env, Napi::Object answer) {
  const auto& blocks = sweeper_.blocks();
  auto counts = Napi::Float64Array::New(env, sweeper_.total().size());
  for (std::size_t value = 0; value < counts.ElementLength(); ++value)
    counts[value] = static_cast<double>(sweeper_.total()[value]);
  auto entropy = Napi::Float32Array::New(env, blocks.size());
  auto kinds = Napi::Uint32Array::New(env, blocks.size() * kByteKinds);
  auto least = Napi::Uint8Array::New(env, blocks.size());
  auto most = Napi::Uint8Array::New(env, blocks.size());
  std::uint32_t* kind = kinds.Data();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    entropy[i] = blocks[i].entropy;
    for (const std::uint32_t count : blocks[i].kinds) *kind++ = count;
    least[i] = blocks[i].least;
    most[i] = blocks[i].most;
  }
  answer.Set("counts", counts);
  answer.Set("entropy", entropy);
  answer.Set("classes", kinds);
  answer.Set("least", least);
  answer.Set("most", most);
}

}  // namespace mapscope
