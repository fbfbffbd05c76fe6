// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "base/clock.h"

namespace imdsd::fakes {

/// A clock that only a test moves. Thread-safe. A sleeper whose time has come counts as awake from
/// the moment of advance(), wake() or the stop request, so that wait_for_sleeper() right behind one
/// of them waits for the next sleep and never sees the last one.
class ManualClock final : public base::Clock {
 public:
  static constexpr base::SystemTime kStart =
      std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);  // 2026-01-01T00:00:00Z

  explicit ManualClock(base::SystemTime start = kStart) : now_(start) {}

  [[nodiscard]] base::SystemTime now() const override {
    std::lock_guard lock(mutex_);
    return now_;
  }

  [[nodiscard]] base::SteadyTime monotonic() const override {
    std::lock_guard lock(mutex_);
    return monotonic_;
  }

  void sleep_until(base::SteadyTime deadline, std::stop_token stop) override {
    Sleeper self{deadline};
    // Registered before the lock is taken: it may run here and now.
    const std::stop_callback on_stop(stop, [this, &self] { release(self); });
    std::unique_lock lock(mutex_);
    if (wake_pending_) {
      wake_pending_ = false;
      return;
    }
    if (self.released || deadline <= monotonic_) return;
    sleepers_.push_back(&self);
    changed_.notify_all();
    changed_.wait(lock, [&self] { return self.released; });
    // Unlocked before on_stop ends, which waits for a callback in progress.
  }

  void wake() override {
    std::lock_guard lock(mutex_);
    wake_pending_ = sleepers_.empty();
    release_if([](const Sleeper&) { return true; });
  }

  /// Moves both clocks and ends the sleeps whose deadline is reached.
  void advance(std::chrono::microseconds step) {
    std::lock_guard lock(mutex_);
    now_ += step;
    monotonic_ += step;
    release_if([this](const Sleeper& sleeper) { return sleeper.deadline <= monotonic_; });
  }

  /// Sets the wall clock alone, as an operator does: intervals and sleeps do not notice.
  void set(base::SystemTime now) {
    std::lock_guard lock(mutex_);
    now_ = now;
  }

  /// Blocks until `count` threads are inside sleep_until().
  void wait_for_sleeper(std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sleepers_.size() >= count; });
  }

  [[nodiscard]] std::size_t sleepers() const {
    std::lock_guard lock(mutex_);
    return sleepers_.size();
  }

  /// The earliest deadline that a thread sleeps until now.
  [[nodiscard]] std::optional<base::SteadyTime> next_deadline() const {
    std::lock_guard lock(mutex_);
    std::optional<base::SteadyTime> next;
    for (const Sleeper* sleeper : sleepers_) {
      if (!next || sleeper->deadline < *next) next = sleeper->deadline;
    }
    return next;
  }

 private:
  struct Sleeper {
    base::SteadyTime deadline;
    bool released = false;
  };

  void release(Sleeper& sleeper) {
    std::lock_guard lock(mutex_);
    sleeper.released = true;
    std::erase(sleepers_, &sleeper);
    changed_.notify_all();
  }

  template <class Predicate>
  void release_if(Predicate predicate) {
    std::erase_if(sleepers_, [&](Sleeper* sleeper) {
      if (!predicate(*sleeper)) return false;
      sleeper->released = true;
      return true;
    });
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  base::SystemTime now_;
  base::SteadyTime monotonic_{std::chrono::hours(1)};
  bool wake_pending_ = false;
  std::vector<Sleeper*> sleepers_;
};

}  // namespace imdsd::fakes
