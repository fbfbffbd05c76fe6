// SPDX-License-Identifier: MIT
// Rules at work: what each has done so far, and the set of an instance's rules.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "imds/fault_rule.h"

namespace imdsd::imds {

struct RoleDocuments;

/// One rule from when it was made. Thread-safe; but for hold(), without a lock.
class Fault {
 public:
  /// `random` outlives it.
  Fault(std::string id, std::string scenario, FaultRule rule, base::SteadyTime made,
        base::Random& random);

  /// Whether this request, which the rule fits, is struck; counts it if so. Of a rule with a count
  /// exactly so many are, however many ask at once.
  [[nodiscard]] bool strikes(base::SteadyTime now) const;
  [[nodiscard]] std::chrono::milliseconds draw_latency() const;

  /// Nothing is struck any more.
  [[nodiscard]] bool is_over(base::SteadyTime now) const;
  [[nodiscard]] std::uint64_t hits() const { return hits_.load(std::memory_order_relaxed); }
  /// Of a rule with a duration; zero once it is over.
  [[nodiscard]] std::optional<std::chrono::milliseconds> time_left(base::SteadyTime now) const;

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// The scenario that the rule is a part of; empty: none.
  [[nodiscard]] const std::string& scenario() const noexcept { return scenario_; }
  [[nodiscard]] const FaultRule& rule() const noexcept { return rule_; }

  /// The documents that `credentials_stale` goes on serving: the first ones that it is told.
  std::shared_ptr<const RoleDocuments> hold(
      const std::shared_ptr<const RoleDocuments>& current) const;

 private:
  [[nodiscard]] bool in_cycle(base::SteadyTime now) const;
  [[nodiscard]] bool take_token(base::SteadyTime now) const;
  [[nodiscard]] bool count_hit() const;
  [[nodiscard]] double draw(std::uint64_t purpose) const;

  const std::string id_, scenario_;
  const FaultRule rule_;
  const base::SteadyTime made_;
  base::Random& random_;
  mutable std::atomic<std::uint64_t> fitting_ = 0;  // requests, struck or not
  mutable std::atomic<std::uint64_t> hits_ = 0;
  mutable std::atomic<std::uint64_t> draws_ = 0;
  // When the token bucket is full again, in ns of the steady clock: all that the generic cell rate
  // algorithm keeps (ITU-T I.371).
  mutable std::atomic<std::int64_t> bucket_full_at_ = 0;
  mutable std::mutex holding_;  // guards what follows
  mutable std::shared_ptr<const RoleDocuments> held_;
};

/// What the rules say about one request.
struct FaultVerdict {
  std::chrono::milliseconds delay{0};  // of all rules that struck
  const Fault* decisive = nullptr;     // the first that does more than delay
};

/// The rules of one instance, in the order in which they were made. Immutable: changes make another
/// set with the same Faults, so that no hit is lost. Never empty.
class FaultSet {
 public:
  static constexpr std::size_t kMaxRules = 256;
  using Faults = std::vector<std::shared_ptr<const Fault>>;

  explicit FaultSet(Faults faults) : faults_(std::move(faults)) {}

  /// `before` (null: none) and one more. Rules that are over make room where it is needed;
  /// Errc::too_large when all kMaxRules are at work.
  [[nodiscard]] static base::Result<std::shared_ptr<const FaultSet>> with(
      const FaultSet* before, std::shared_ptr<const Fault> fault, base::SteadyTime now);
  /// Those of this id or scenario taken away; null: none is left.
  [[nodiscard]] std::shared_ptr<const FaultSet> without(std::string_view id_or_scenario) const;

  /// Allocates nothing and takes no lock. `path` is as FaultMatch::path has it.
  [[nodiscard]] FaultVerdict consult(FaultDoor door, std::string_view path,
                                     const base::HttpRequest& request, base::SteadyTime now) const;
  [[nodiscard]] const Faults& faults() const noexcept { return faults_; }

 private:
  Faults faults_;
};

}  // namespace imdsd::imds
