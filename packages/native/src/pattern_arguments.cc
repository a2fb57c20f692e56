#include "pattern_arguments.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "arguments.h"
#include "kernels/leb128_pattern.h"
#include "kernels/masked_pattern.h"
#include "kernels/needle_set.h"
#include "kernels/number_pattern.h"
#include "kernels/sequence_pattern.h"
#include "kernels/tiers.h"

namespace mapscope {
namespace {

constexpr std::size_t kLongestNeedle = 256 << 20;
constexpr std::uint32_t kMostNeedles = 65536;
constexpr std::uint64_t kMostNeeded = SequencePattern::kFollowed / 2;

[[noreturn]] void refuse(Napi::Env env, const std::string& message) {
  throw Napi::RangeError::New(env, message);
}

const Tier& tier_argument(const Napi::Value& value) {
  if (value.IsUndefined()) return *tiers().front();
  const std::string name = string_argument(value, "tier");
  for (const Tier* const tier : tiers())
    if (name == tier->name) return *tier;
  refuse(value.Env(), "tier must be one of the binding's tiers");
}

std::vector<Octet> octets(const Napi::Value& value, const char* name) {
  const auto bytes = bytes_argument(value, name);
  const auto* const first = reinterpret_cast<const Octet*>(bytes.data());
  return std::vector<Octet>(first, first + bytes.size());
}

// { values, masks? }
NeedleBytes needle_argument(const Napi::Object& object) {
  NeedleBytes needle{octets(object.Get("values"), "values"), {}};
  if (needle.values.empty()) refuse(object.Env(), "values must hold at least one byte");
  if (needle.values.size() > kLongestNeedle)
    refuse(object.Env(), "values must be at most 256 MiB long");
  const Napi::Value masks = object.Get("masks");
  if (masks.IsUndefined()) return needle;
  needle.masks = octets(masks, "masks");
  if (needle.masks.size() != needle.values.size())
    refuse(object.Env(), "masks must be as long as values");
  return needle;
}

std::shared_ptr<const Pattern> bytes_pattern(const Napi::Object& spec, const Tier& tier) {
  NeedleBytes needle = needle_argument(spec);
  return std::make_shared<MaskedPattern>(std::move(needle.values), std::move(needle.masks), tier);
}

std::shared_ptr<const Pattern> any_pattern(const Napi::Object& spec, const Tier& tier) {
  const Napi::Value list = spec.Get("needles");
  if (!list.IsArray()) throw Napi::TypeError::New(spec.Env(), "needles must be an array");
  const auto array = list.As<Napi::Array>();
  if (array.Length() == 0 || array.Length() > kMostNeedles)
    refuse(spec.Env(), "needles must be 1 to 65,536");
  std::vector<NeedleBytes> needles;
  needles.reserve(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::HandleScope scope(spec.Env());
    needles.push_back(needle_argument(object_argument(array.Get(i), "needle")));
  }
  return std::make_shared<NeedleSet>(std::move(needles), tier);
}

// { set: 256 bytes, min, max }; no max: as many as there are.
ByteRun run_argument(const Napi::Object& object) {
  const std::vector<Octet> set = octets(object.Get("set"), "set");
  if (set.size() != 256) refuse(object.Env(), "set must hold 256 bytes");
  ByteRun run{};
  for (std::size_t byte = 0; byte < 256; ++byte) run.takes[byte] = set[byte] != 0;
  run.least = integer_argument(object.Get("min"), "min");
  const Napi::Value most = object.Get("max");
  run.most = most.IsUndefined() ? ByteRun::kUnbounded : integer_argument(most, "max");
  if (run.least > run.most) refuse(object.Env(), "min must not be greater than max");
  return run;
}

// { runs, anchor: { values, masks?, offset } }
std::shared_ptr<const Pattern> sequence_pattern(const Napi::Object& spec, const Tier& tier) {
  const Napi::Value list = spec.Get("runs");
  if (!list.IsArray()) throw Napi::TypeError::New(spec.Env(), "runs must be an array");
  const auto array = list.As<Napi::Array>();
  std::vector<ByteRun> runs;
  std::uint64_t least = 0;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::HandleScope scope(spec.Env());
    runs.push_back(run_argument(object_argument(array.Get(i), "run")));
    least += runs.back().least;
    if (runs.back().least > kMostNeeded || least > kMostNeeded)
      refuse(spec.Env(), "runs must need at most 32,768 bytes");
  }
  const Napi::Object object = object_argument(spec.Get("anchor"), "anchor");
  NeedleBytes needle = needle_argument(object);
  const std::uint64_t offset = integer_argument(object.Get("offset"), "offset");
  if (offset > least || needle.values.size() > least - offset)
    refuse(spec.Env(), "anchor must lie within what the runs need");
  Anchor anchor{std::move(needle.values), std::move(needle.masks), offset};
  return std::make_shared<SequencePattern>(std::move(runs), std::move(anchor), tier);
}

WideInteger wide_integer_argument(const Napi::Value& value, const char* name) {
  if (!value.IsBigInt())
    throw Napi::TypeError::New(value.Env(), std::string(name) + " must be a bigint");
  auto number = value.As<Napi::BigInt>();
  std::size_t words = number.WordCount();
  int sign = 0;
  std::uint64_t magnitude = 0;
  if (words > 1) {
    std::vector<std::uint64_t> all(words);
    number.ToWords(&sign, &words, all.data());
    return WideInteger{sign != 0, true, 0};
  }
  words = 1;
  number.ToWords(&sign, &words, &magnitude);
  return WideInteger{sign != 0 && magnitude != 0, false, words == 0 ? 0 : magnitude};
}

double float_argument(const Napi::Value& value, const char* name) {
  if (!value.IsNumber())
    throw Napi::TypeError::New(value.Env(), std::string(name) + " must be a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (std::isnan(number)) refuse(value.Env(), std::string(name) + " must not be NaN");
  return number;
}

struct NumberType {
  const char* name;
  enum class Kind { kInteger, kFloat, kLeb128 } kind;
  std::uint32_t bits;
  bool is_signed;
};

constexpr NumberType kNumberTypes[] = {
    {"u8", NumberType::Kind::kInteger, 8, false},
    {"i8", NumberType::Kind::kInteger, 8, true},
    {"u16", NumberType::Kind::kInteger, 16, false},
    {"i16", NumberType::Kind::kInteger, 16, true},
    {"u32", NumberType::Kind::kInteger, 32, false},
    {"i32", NumberType::Kind::kInteger, 32, true},
    {"u64", NumberType::Kind::kInteger, 64, false},
    {"i64", NumberType::Kind::kInteger, 64, true},
    {"f16", NumberType::Kind::kFloat, 16, true},
    {"f32", NumberType::Kind::kFloat, 32, true},
    {"f64", NumberType::Kind::kFloat, 64, true},
    {"uleb128", NumberType::Kind::kLeb128, 64, false},
    {"sleb128", NumberType::Kind::kLeb128, 64, true},
};

const NumberType& number_type_argument(const Napi::Value& value) {
  const std::string name = string_argument(value, "type");
  for (const NumberType& type : kNumberTypes)
    if (name == type.name) return type;
  refuse(value.Env(), "type must be one of u8 to i64, f16 to f64, uleb128 and sleb128");
}

NumberRange float_bounds(const Napi::Object& spec, std::uint32_t byte_length) {
  const double min = float_argument(spec.Get("min"), "min");
  const double max = float_argument(spec.Get("max"), "max");
  if (min > max) refuse(spec.Env(), "min must not be greater than max");
  return float_range(byte_length, min, max);
}

std::shared_ptr<const Pattern> number_pattern(const Napi::Object& spec, const Tier& tier) {
  const NumberType& type = number_type_argument(spec.Get("type"));
  const bool is_little = boolean_argument(spec.Get("isLittleEndian"), "isLittleEndian");
  if (type.kind == NumberType::Kind::kFloat)
    return std::make_shared<NumberPattern>(float_bounds(spec, type.bits / 8), is_little, tier);
  const WideInteger min = wide_integer_argument(spec.Get("min"), "min");
  const WideInteger max = wide_integer_argument(spec.Get("max"), "max");
  if (compare(min, max) > 0) refuse(spec.Env(), "min must not be greater than max");
  if (type.kind == NumberType::Kind::kLeb128)
    return std::make_shared<Leb128Pattern>(type.is_signed, min, max);
  const IntegerType integer{type.bits, type.is_signed};
  return std::make_shared<NumberPattern>(integer_range(integer, min, max), is_little, tier);
}

struct PatternKind {
  const char* name;
  std::shared_ptr<const Pattern> (*make)(const Napi::Object& spec, const Tier& tier);
};

constexpr PatternKind kPatternKinds[] = {
    {"bytes", bytes_pattern},
    {"any", any_pattern},
    {"number", number_pattern},
    {"sequence", sequence_pattern},
};

std::uint64_t optional_integer(const Napi::Object& options, const char* name,
                               std::uint64_t fallback) {
  const Napi::Value value = options.Get(name);
  return value.IsUndefined() ? fallback : integer_argument(value, name);
}

bool optional_boolean(const Napi::Object& options, const char* name, bool fallback) {
  const Napi::Value value = options.Get(name);
  return value.IsUndefined() ? fallback : boolean_argument(value, name);
}

void require_sense(const Napi::Object& options, const MatchRequest& request,
                   const Pattern& pattern) {
  if (request.rules.alignment == 0) refuse(options.Env(), "alignment must be at least 1");
  if (request.rules.is_overlapping) return;
  if (!pattern.can_step_over_hits() || request.is_reverse)
    refuse(options.Env(), "isOverlapping: false is for kinds 'bytes' and 'sequence', forward");
}

}  // namespace

std::shared_ptr<const Pattern> pattern_argument(const Napi::CallbackInfo& info) {
  const Napi::Object spec = object_argument(info[0], "spec");
  const Tier& tier = tier_argument(info[1]);
  const std::string name = string_argument(spec.Get("kind"), "kind");
  for (const PatternKind& kind : kPatternKinds)
    if (name == kind.name) return kind.make(spec, tier);
  refuse(info.Env(), "kind must be 'bytes', 'any', 'number' or 'sequence'");
}

MatchRequest match_request(const Napi::Value& value, Range range, const Pattern& pattern) {
  const Napi::Object options = object_argument(value, "options");
  MatchRequest request{};
  request.start = range.start;
  request.end = range.end;
  request.starts_before = std::min(optional_integer(options, "startsBefore", range.end), range.end);
  request.limit = integer_argument(options.Get("limit"), "limit");
  request.is_reverse = optional_boolean(options, "isReverse", false);
  request.rules.alignment = optional_integer(options, "alignment", 1);
  request.rules.alignment_base = optional_integer(options, "alignmentBase", 0);
  request.rules.is_overlapping = optional_boolean(options, "isOverlapping", true);
  request.rules.is_count_only = optional_boolean(options, "isCountOnly", false);
  require_sense(options, request, pattern);
  return request;
}

PageUse page_use(const Napi::Value& value) {
  const Napi::Object options = object_argument(value, "options");
  return PageUse{optional_boolean(options, "arePagesMapped", false),
                 optional_boolean(options, "keepsPages", false)};
}

}  // namespace mapscope
