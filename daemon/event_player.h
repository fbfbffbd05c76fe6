// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "daemon/scenario.h"

namespace imdsd::daemon {

/// What is still to happen: scenarios, one at a time for an instance, and single events that were
/// ordered ahead. One thread carries them out; public members are thread-safe. What is due when
/// play() is called has happened when it returns, and nothing happens any more once stop() or
/// cancel() has returned.
class EventPlayer {
 public:
  /// Called with the player locked: it must not call the player.
  using Take = std::function<base::Result<void>(const std::string& instance_id, const LiveStep&)>;

  /// `clock` is the player's own (a wake-up of another sleeper would be lost on it), and outlives
  /// it.
  EventPlayer(base::Clock& clock, Take take) : clock_(clock), take_(std::move(take)) {}

  /// From now on; in place of the scenario that this instance had.
  void play(const std::string& instance_id, Scenario scenario);
  /// False when there was none.
  bool stop(const std::string& instance_id);
  /// One event, `order.delay` from now. Errc::too_large beyond kMaxPending of an instance.
  [[nodiscard]] base::Result<void> later(const std::string& instance_id, imds::EventOrder order);
  /// Single events of this kind; without one, of all kinds, and the scenario.
  void cancel(const std::string& instance_id, std::optional<imds::EventKind> kind);

  struct Playing {
    std::string name;
    base::SystemTime started;
    std::size_t steps = 0, taken = 0;
    std::optional<base::SystemTime> next;  // none: it is over
    std::vector<std::string> problems;     // of steps that could not be taken
  };
  struct Pending {
    base::SystemTime at;
    imds::EventKind kind{};
  };
  struct View {
    std::optional<Playing> scenario;
    std::vector<Pending> pending;
  };
  [[nodiscard]] View view(const std::string& instance_id) const;

  /// Carries out what becomes due; returns when `stop` is requested and the clock woken.
  void run(const std::stop_token& stop);

  static constexpr std::size_t kMaxPending = 100;

 private:
  struct Run {
    Scenario scenario;
    base::SteadyTime begin;
    base::SystemTime started;
    std::size_t next = 0;
    std::vector<std::string> problems;
    [[nodiscard]] std::optional<base::SteadyTime> due() const;
  };
  struct Single {
    base::SteadyTime due;
    imds::EventOrder order;
  };
  struct Queue {
    std::optional<Run> run;
    std::vector<Single> singles;
  };
  // With mutex_ held:
  [[nodiscard]] std::optional<base::SteadyTime> take_due();
  void take_due_of(const std::string& instance_id, Queue& queue);
  void take_next(const std::string& instance_id, Run& run);
  [[nodiscard]] base::SystemTime wall_time(base::SteadyTime time) const;

  base::Clock& clock_;
  const Take take_;
  mutable std::mutex mutex_;
  std::map<std::string, Queue> queues_;  // by instance id
};

}  // namespace imdsd::daemon
