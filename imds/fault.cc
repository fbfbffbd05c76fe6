// SPDX-License-Identifier: MIT
#include "imds/fault.h"

#include <algorithm>
#include <utility>

#include "imds/snapshot.h"

namespace imdsd::imds {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): a well mixed number of each counter value, so that
/// a seed gives the same draws whatever the threads do.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

std::int64_t nanoseconds_of(base::SteadyTime time) {
  return nanoseconds(time.time_since_epoch()).count();
}

}  // namespace

Fault::Fault(std::string id, std::string scenario, FaultRule rule, base::SteadyTime made,
             base::Random& random)
    : id_(std::move(id)),
      scenario_(std::move(scenario)),
      rule_(std::move(rule)),
      made_(made),
      random_(random),
      bucket_full_at_(nanoseconds_of(made)) {}

bool Fault::strikes(base::SteadyTime now) const {
  const FaultLimit& limit = rule_.limit;
  if (is_over(now) || !in_cycle(now)) return false;
  if (fitting_.fetch_add(1, std::memory_order_relaxed) < limit.skip) return false;
  if (limit.probability < 1 && draw(1) >= limit.probability) return false;
  if (limit.rate_interval.count() > 0 && take_token(now)) return false;
  return count_hit();
}

bool Fault::count_hit() const {
  if (!rule_.limit.count) {
    hits_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  std::uint64_t before = hits_.load(std::memory_order_relaxed);
  while (before < *rule_.limit.count) {
    if (hits_.compare_exchange_weak(before, before + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

bool Fault::in_cycle(base::SteadyTime now) const {
  const FaultLimit& limit = rule_.limit;
  return limit.cycle.count() == 0 || (now - made_) % limit.cycle < limit.cycle_on;
}

bool Fault::take_token(base::SteadyTime now) const {
  const std::int64_t interval = rule_.limit.rate_interval.count();
  const std::int64_t depth = interval * static_cast<std::int64_t>(rule_.limit.burst);
  const std::int64_t time = nanoseconds_of(now);
  std::int64_t full_at = bucket_full_at_.load(std::memory_order_relaxed);
  while (true) {
    const std::int64_t next = std::max(full_at, time) + interval;
    if (next - time > depth) return false;
    if (bucket_full_at_.compare_exchange_weak(full_at, next, std::memory_order_relaxed))
      return true;
  }
}

double Fault::draw(std::uint64_t purpose) const {
  if (!rule_.limit.seed) return random_.uniform01();
  const std::uint64_t n = draws_.fetch_add(1, std::memory_order_relaxed);
  const std::uint64_t bits = mix(mix(*rule_.limit.seed ^ purpose) + n);
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

milliseconds Fault::draw_latency() const {
  const auto& latency = rule_.effect.latency;
  if (!latency) return milliseconds(0);
  return latency->draw(latency->is_random() ? draw(2) : 0);
}

bool Fault::is_over(base::SteadyTime now) const {
  const FaultLimit& limit = rule_.limit;
  return (limit.duration && now - made_ >= *limit.duration) ||
         (limit.count && hits() >= *limit.count);
}

std::optional<milliseconds> Fault::time_left(base::SteadyTime now) const {
  if (!rule_.limit.duration) return std::nullopt;
  const auto left = std::chrono::ceil<milliseconds>(*rule_.limit.duration - (now - made_));
  return std::max(left, milliseconds(0));
}

std::shared_ptr<const RoleDocuments> Fault::hold(
    const std::shared_ptr<const RoleDocuments>& current) const {
  const std::lock_guard lock(holding_);
  if (held_ || !current) return held_;
  auto kept = std::make_shared<RoleDocuments>(*current);
  kept->expiration.reset();  // served beyond their end
  held_ = std::move(kept);
  return held_;
}

base::Result<std::shared_ptr<const FaultSet>> FaultSet::with(const FaultSet* before,
                                                             std::shared_ptr<const Fault> fault,
                                                             base::SteadyTime now) {
  Faults faults = before == nullptr ? Faults() : before->faults_;
  if (faults.size() >= kMaxRules) {
    std::erase_if(faults, [&](const auto& each) { return each->is_over(now); });
  }
  if (faults.size() >= kMaxRules) {
    return base::fail(base::Errc::too_large, "the instance has " + std::to_string(kMaxRules) +
                                                 " rules, and none of them is over: clear some");
  }
  faults.push_back(std::move(fault));
  return std::make_shared<const FaultSet>(std::move(faults));
}

std::shared_ptr<const FaultSet> FaultSet::without(std::string_view id_or_scenario) const {
  Faults faults = faults_;
  std::erase_if(faults, [&](const auto& each) {
    return each->id() == id_or_scenario || each->scenario() == id_or_scenario;
  });
  return faults.empty() ? nullptr : std::make_shared<const FaultSet>(std::move(faults));
}

FaultVerdict FaultSet::consult(FaultDoor door, std::string_view path,
                               const base::HttpRequest& request, base::SteadyTime now) const {
  FaultVerdict verdict;
  for (const auto& fault : faults_) {
    const FaultRule& rule = fault->rule();
    const bool decides = rule.effect.decides();
    if (decides && verdict.decisive != nullptr) continue;
    if (!rule.match.fits(door, path, request) || !fault->strikes(now)) continue;
    verdict.delay = std::min(kMaxFaultDelay, verdict.delay + fault->draw_latency());
    if (decides) verdict.decisive = fault.get();
  }
  return verdict;
}

}  // namespace imdsd::imds
