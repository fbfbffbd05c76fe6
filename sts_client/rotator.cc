// SPDX-License-Identifier: MIT
#include "sts_client/rotator.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "base/task_group.h"
#include "base/thread_priority.h"
#include "sts_client/rotation_policy.h"
#include "sts_client/schedule.h"
#include "sts_client/turn.h"

namespace imdsd::sts_client {
namespace {

using base::Errc;
using base::Error;
using base::Result;

// The monotonic clock stands still while a machine is suspended and does not see the wall clock
// being set, but credentials expire by the wall clock: it is looked at this often.
constexpr std::chrono::seconds kLongestSleep{30};
// Between attempts for one instance, whatever a source answers: a set that is already past its
// margin must not turn the scheduler into a busy loop.
constexpr std::chrono::milliseconds kShortestWait{100};

}  // namespace

class CredentialRotator::Impl {
 public:
  static constexpr std::size_t kMostNamed = 3;  // of those that failed
  /// Attempts in a row, less than a millisecond of them, before requests are let through.
  static constexpr std::size_t kBurst = 8;

  Impl(base::Clock& clock, CredentialSource& source, std::chrono::seconds lifetime, Sink sink)
      : clock_(clock), source_(source), sink_(std::move(sink)), lifetime_(lifetime) {}

  void set_instances(std::vector<InstanceRole> instances) {
    {
      const Turn::Guard turn(turn_);
      for (const auto& id : replace_instances(std::move(instances))) attempt(id);
    }
    clock_.wake();
  }

  Result<void> rotate_now(const std::string& instance_id) {
    Renewed renewed;
    {
      const Turn::Guard turn(turn_);
      const auto ids = instance_ids(instance_id);
      if (ids.empty() && !instance_id.empty()) {
        return base::fail(Errc::not_found, "no instance `" + instance_id + "` with a role");
      }
      renewed = ids.size() <= kBurst ? renew(ids) : renew_behind_requests(ids);
    }
    clock_.wake();
    if (renewed.failed == 0) return {};
    // Whoever asked for one knows which.
    if (instance_id.empty()) renewed.name_failed();
    return tl::unexpected(*std::move(renewed.failure));
  }

  void retry_failed() {
    {
      const Turn::Guard turn(turn_);
      const auto failing = first_failing();
      if (failing.empty()) return;  // so that a write of IAM's does not wake the scheduler
      for (const auto& id : failing) attempt(id);
    }
    clock_.wake();
  }

  void set_lifetime(std::chrono::seconds lifetime) { lifetime_ = lifetime; }

  std::vector<RotationState> states() const {
    std::lock_guard lock(mutex_);
    std::vector<RotationState> states;
    states.reserve(entries_.size());
    for (const auto& [id, entry] : entries_) states.push_back(entry.state);
    return states;
  }

  void run(std::stop_token stop) {
    while (!stop.stop_requested()) {
      if (!attempt_next_due()) clock_.sleep_until(next_look(), stop);
    }
  }

 private:
  struct Entry {
    RotationState state;
    unsigned failures = 0;  // in a row
  };

  /// What became of some attempts.
  struct Renewed {
    std::size_t failed = 0;
    std::string whose;             // of the first that failed
    std::optional<Error> failure;  // the last

    void name_failed() {
      if (failed > kMostNamed) whose += " and " + std::to_string(failed - kMostNamed) + " more";
      failure->message = "no new credentials for " + whose + ": " + failure->message;
    }
  };

  /// Whoever holds the turn; the ids are known.
  Renewed renew(const std::vector<std::string>& ids) {
    Renewed renewed;
    std::size_t attempts = 0;
    for (const auto& id : ids) {
      if (++attempts % kBurst == 0) std::this_thread::yield();
      auto error = attempt(id);
      if (!error) continue;
      if (++renewed.failed <= kMostNamed) renewed.whose += (renewed.whose.empty() ? "" : ", ") + id;
      renewed.failure = std::move(error);
    }
    return renewed;
  }

  /// Where thousands that have credentials are renewed on a busy machine, clients wait for what is
  /// slowed down, and only who ordered it for the renewals.
  Renewed renew_behind_requests(const std::vector<std::string>& ids) {
    Renewed renewed;
    base::TaskGroup thread;
    try {
      thread.spawn("renewals", [&](const std::stop_token& /*stop*/) {
        base::lower_thread_priority();
        renewed = renew(ids);
      });
    } catch (const std::system_error&) {  // no more threads
      return renew(ids);
    }
    thread.join();
    return renewed;
  }

  /// Returns the ids of the new and changed ones, which have no credentials yet.
  std::vector<std::string> replace_instances(std::vector<InstanceRole> instances) {
    std::lock_guard lock(mutex_);
    std::map<std::string, Entry> next;
    std::vector<std::string> changed;
    for (auto& instance : instances) {
      const std::string id = instance.instance_id;
      const auto known = entries_.find(id);
      if (known != entries_.end() && known->second.state.instance == instance) {
        next.insert(entries_.extract(known));
      } else if (const auto [added, is_new] = next.try_emplace(id); is_new) {
        added->second.state.instance = std::move(instance);
        changed.push_back(id);
      }
    }
    for (const auto& [id, entry] : entries_) {
      schedule_.remove(id);
      failing_.erase(id);
    }
    entries_ = std::move(next);
    return changed;
  }

  /// A few of those whose last attempt failed. All others are due.
  std::vector<std::string> first_failing() {
    constexpr std::size_t kFew = 64;
    std::lock_guard lock(mutex_);
    std::vector<std::string> few;
    for (const auto& id : failing_) {
      if (few.size() < kFew) {
        few.push_back(id);
      } else {
        entries_.at(id).state.next_attempt = clock_.now();
        schedule_.set(id, clock_.now());
      }
    }
    return few;
  }

  /// All, or the named one if it is known.
  std::vector<std::string> instance_ids(const std::string& only) const {
    std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& [id, entry] : entries_) {
      if (only.empty() || only == id) ids.push_back(id);
    }
    return ids;
  }

  /// Renews one instance that is due; false if none is.
  bool attempt_next_due() {
    const Turn::Guard turn(turn_);
    std::string id;
    {
      std::lock_guard lock(mutex_);
      auto first = schedule_.first();
      if (!first || first->first > clock_.now()) return false;
      id = std::move(first->second);
    }
    attempt(id);
    return true;
  }

  base::SteadyTime next_look() const {
    std::lock_guard lock(mutex_);
    std::chrono::microseconds wait = kLongestSleep;
    if (const auto first = schedule_.first()) wait = std::min(wait, first->first - clock_.now());
    return clock_.monotonic() + wait;
  }

  /// Fetches, schedules the next attempt and publishes. Whoever holds the turn; `id` is known.
  std::optional<Error> attempt(const std::string& id) {
    const auto lifetime = lifetime_.load();
    auto fetched = source_.fetch(instance(id), lifetime);
    const auto state = fetched ? succeeded(id, *std::move(fetched))
                               : failed(id, std::move(fetched).error(), lifetime);
    sink_(state);
    return state.failure;
  }

  InstanceRole instance(const std::string& id) const {
    std::lock_guard lock(mutex_);
    return entries_.at(id).state.instance;
  }

  RotationState succeeded(const std::string& id, CredentialSets sets) {
    std::lock_guard lock(mutex_);
    Entry& entry = entries_.at(id);
    entry.failures = 0;
    failing_.erase(id);
    entry.state.successes += 1;
    entry.state.failure.reset();
    const auto next = next_rotation(sets.issued, sets.expiration(), rotation_jitter(id));
    entry.state.sets = std::move(sets);
    return reschedule(entry, next);
  }

  RotationState failed(const std::string& id, Error error, std::chrono::seconds lifetime) {
    std::lock_guard lock(mutex_);
    Entry& entry = entries_.at(id);
    entry.failures += 1;
    failing_.insert(id);
    entry.state.failures += 1;
    entry.state.failure = std::move(error);
    return reschedule(entry, clock_.now() + retry_delay(entry.failures, lifetime));
  }

  RotationState reschedule(Entry& entry, base::SystemTime next) {
    const auto now = clock_.now();
    entry.state.last_attempt = now;
    entry.state.next_attempt = std::max<base::SystemTime>(next, now + kShortestWait);
    schedule_.set(entry.state.instance.instance_id, entry.state.next_attempt);
    return entry.state;
  }

  base::Clock& clock_;
  CredentialSource& source_;
  const Sink sink_;
  Turn turn_;  // its holder works on credentials, and may read states()
  std::atomic<std::chrono::seconds> lifetime_;
  mutable std::mutex mutex_;  // of what follows; never held over source_ or sink_
  std::map<std::string, Entry> entries_;
  std::set<std::string> failing_;  // whose last attempt failed
  Schedule schedule_;
};

CredentialRotator::CredentialRotator(base::Clock& clock, CredentialSource& source,
                                     std::chrono::seconds lifetime, Sink sink)
    : impl_(std::make_unique<Impl>(clock, source, lifetime, std::move(sink))) {}

CredentialRotator::~CredentialRotator() = default;

void CredentialRotator::set_instances(std::vector<InstanceRole> instances) {
  impl_->set_instances(std::move(instances));
}

Result<void> CredentialRotator::rotate_now(const std::string& instance_id) {
  return impl_->rotate_now(instance_id);
}

void CredentialRotator::retry_failed() {
  impl_->retry_failed();
}

void CredentialRotator::set_lifetime(std::chrono::seconds lifetime) {
  impl_->set_lifetime(lifetime);
}

std::vector<RotationState> CredentialRotator::states() const {
  return impl_->states();
}

void CredentialRotator::run(std::stop_token stop) {
  impl_->run(std::move(stop));
}

}  // namespace imdsd::sts_client
