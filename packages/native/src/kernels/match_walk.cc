#include "match_walk.h"

#include <algorithm>

namespace mapscope {
namespace {

constexpr std::uint64_t kStep = 1 << 20;
// 512 KiB, which the second-level cache holds.
constexpr std::uint64_t kHitsAtOnce = 64 << 10;

std::uint64_t capacity_for(const Pattern& pattern, const MatchRequest& request) {
  if (request.rules.is_count_only) return 0;
  const std::uint64_t places = request.end - request.start;
  const std::uint64_t per_place = pattern.max_hits_per_place();
  // A short text in plain memory should not cost half a MiB.
  return places < kHitsAtOnce / per_place ? std::max<std::uint64_t>(places * per_place, 1)
                                          : std::max(kHitsAtOnce, per_place);
}

}  // namespace

MatchWalk::MatchWalk(const Pattern& pattern, const MatchRequest& request)
    : pattern_(pattern),
      request_(request),
      limit_(request.rules.is_count_only ? ~std::uint64_t{0} : std::min(request.limit, kMostHits)),
      // As long as the longest hit, so that a very long one is still met in linear time.
      longest_step_(std::min(std::max(kStep, pattern.max_byte_length()), kMaxPlaces / 2)),
      scanner_(pattern.scanner(request.rules)),
      capacity_(capacity_for(pattern, request)),
      items_(capacity_ == 0 ? nullptr : new std::uint64_t[capacity_]),
      edge_(request.is_reverse
                ? std::max(std::min(request.starts_before, request.end), request.start)
                : request.start),
      step_(longest_step_),
      has_details_(pattern.has_which() || pattern.min_byte_length() != pattern.max_byte_length()) {
  if (capacity_ == 0) return;
  // Only addresses until they are written to; growing would copy what was found again and again.
  const std::uint64_t places = request.end - request.start;
  const std::uint64_t per_place = pattern.max_hits_per_place();
  // The hits of the last place stay together.
  const std::uint64_t most = places < limit_ / per_place ? places * per_place : limit_ + per_place;
  offsets_.reset(new double[most]);
  if (has_details_) details_.reset(new std::uint32_t[most]);
}

std::optional<MatchWalk::Window> MatchWalk::window(std::uint64_t floor,
                                                   std::uint64_t ceiling) const {
  const std::uint64_t low = std::max(floor, request_.start);
  const std::uint64_t high = std::min(ceiling, request_.end);
  const std::uint64_t shortest = pattern_.min_byte_length();
  if (high < low || high - low < shortest) return std::nullopt;
  // One past the last place where the shortest hit fits.
  const std::uint64_t last = std::min(high - shortest + 1, request_.starts_before);
  Window window{};
  if (request_.is_reverse) {
    window.places_end = std::min(edge_, last);
    window.start = window.places_end > step_ ? std::max(low, window.places_end - step_) : low;
  } else {
    window.start = std::max(edge_, low);
    window.places_end = std::min(window.start + step_, last);
  }
  if (window.start >= window.places_end) return std::nullopt;
  window.end = std::min(window.places_end - 1 + pattern_.max_byte_length(), high);
  return window;
}

void MatchWalk::scan(const Window& window, const Octet* bytes) noexcept {
  const Text text{bytes, window.places(), bytes + window.byte_length(), window.start};
  hits_ = Hits{items_.get(), ~std::uint64_t{0}};
  if (items_ != nullptr) {
    const bool is_one = pattern_.max_hits_per_place() == 1 && !request_.is_reverse;
    hits_.capacity = is_one ? std::min(capacity_, left()) : capacity_;
  }
  done_ = scanner_->scan(text, hits_);
}

void MatchWalk::take(const Window& window) {
  if (request_.is_reverse) {
    take_reverse(window);
  } else {
    take_forward(window);
  }
}

void MatchWalk::take_forward(const Window& window) {
  edge_ = window.start + done_;
  step_ = std::min(step_ * 2, longest_step_);
  if (request_.rules.is_count_only) {
    count_ += hits_.count;
    return;
  }
  std::uint64_t taken = std::min(hits_.count, left());
  // The hits of a place stay together, or going on would miss some or repeat some.
  while (taken > 0 && taken < hits_.count &&
         place_of(hits_.items[taken]) == place_of(hits_.items[taken - 1]))
    ++taken;
  keep(taken, window.start);
  if (taken < hits_.count) edge_ = window.start + place_of(hits_.items[taken - 1]) + 1;
}

void MatchWalk::take_reverse(const Window& window) {
  // The last ones come first, and those are what a scan that stopped half-way does not have.
  if (done_ < window.places()) {
    step_ = std::max<std::uint64_t>(window.places() / 2, 1);
    return;
  }
  edge_ = window.start;
  step_ = std::min(step_ * 2, longest_step_);
  if (request_.rules.is_count_only) {
    count_ += hits_.count;
    return;
  }
  std::uint64_t from = hits_.count - std::min(hits_.count, left());
  while (from > 0 && from < hits_.count &&
         place_of(hits_.items[from - 1]) == place_of(hits_.items[from]))
    --from;
  if (from > 0) edge_ = window.start + place_of(hits_.items[from]);
  std::reverse(hits_.items + from, hits_.items + hits_.count);
  hits_.items += from;
  keep(hits_.count - from, window.start);
}

// The first `count` of the hits.
void MatchWalk::keep(std::uint64_t count, std::uint64_t base) {
  const std::uint64_t* const items = hits_.items;
  double* const offsets = offsets_.get() + count_;
  // Signed, as there is no instruction that converts what is not.
  for (std::uint64_t i = 0; i < count; ++i)
    offsets[i] = static_cast<double>(static_cast<std::int64_t>(base + place_of(items[i])));
  if (has_details_) std::transform(items, items + count, details_.get() + count_, detail_of);
  count_ += count;
}

void MatchWalk::shorten() { step_ = std::max(std::min(step_, longest_step_) / 16, kShortest); }

void MatchWalk::skip_to(std::uint64_t edge) {
  edge_ = request_.is_reverse ? std::min(edge_, edge) : std::max(edge_, edge);
}

bool MatchWalk::count_is_full() const { return count_ >= limit_; }

std::uint64_t MatchWalk::needed_end() const {
  const std::uint64_t places_end = request_.is_reverse ? edge_ : request_.starts_before;
  // Exact integers of JavaScript: no sum of two of them overflows.
  return places_end == 0 ? 0 : std::min(places_end - 1 + pattern_.max_byte_length(), request_.end);
}

std::uint64_t MatchWalk::scanned_to() const {
  if (is_finished_) return request_.is_reverse ? request_.start : request_.end;
  if (!request_.is_reverse) return std::min(edge_, request_.end);
  return std::min(edge_ + pattern_.min_byte_length() - 1, request_.end);
}

}  // namespace mapscope
