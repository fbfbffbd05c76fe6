// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>

#include "base/clock.h"

namespace imdsd::http {

class Connection;

/// What a connection waits for. Each has one duration for all connections of a server.
enum class Wait : unsigned char { handshake, idle, head, body, send, linger };
inline constexpr std::size_t kWaits = 6;

/// A connection's place among the deadlines. Owned by the connection.
struct DeadlineEntry {
  std::optional<Wait> wait;
  std::list<std::pair<base::SteadyTime, Connection*>>::iterator place;
  std::optional<std::multimap<base::SteadyTime, Connection*>::iterator> delay;
};

/// The deadlines of one thread's connections. As each kind of wait has one duration, a list to
/// which entries are only appended is always sorted: arming and clearing take constant time.
/// Delays, which differ, are rare and have a map. Not thread-safe.
class Deadlines {
 public:
  using Durations = std::array<std::chrono::milliseconds, kWaits>;
  explicit Deadlines(const Durations& durations) : durations_(durations) {}

  /// Replaces the wait that is armed, if any.
  void arm(DeadlineEntry& entry, Connection& connection, Wait wait, base::SteadyTime now) {
    List& list = lists_[static_cast<std::size_t>(wait)];
    const base::SteadyTime deadline = now + durations_[static_cast<std::size_t>(wait)];
    if (entry.wait) {
      list.splice(list.end(), lists_[static_cast<std::size_t>(*entry.wait)], entry.place);
      entry.place->first = deadline;
    } else {
      entry.place = list.emplace(list.end(), deadline, &connection);
    }
    entry.wait = wait;
  }
  void delay(DeadlineEntry& entry, Connection& connection, base::SteadyTime until) {
    entry.delay = delays_.emplace(until, &connection);
  }
  void clear(DeadlineEntry& entry) {
    if (entry.wait) lists_[static_cast<std::size_t>(*entry.wait)].erase(entry.place);
    if (entry.delay) delays_.erase(*entry.delay);
    entry.wait.reset();
    entry.delay.reset();
  }
  /// A connection whose wait is over, its entry cleared by the caller; null when there is none.
  [[nodiscard]] Connection* expired(base::SteadyTime now) const {
    for (const List& list : lists_) {
      if (!list.empty() && list.front().first <= now) return list.front().second;
    }
    return nullptr;
  }
  [[nodiscard]] Connection* delay_over(base::SteadyTime now) const {
    return !delays_.empty() && delays_.begin()->first <= now ? delays_.begin()->second : nullptr;
  }
  [[nodiscard]] std::optional<base::SteadyTime> next() const {
    std::optional<base::SteadyTime> earliest;
    const auto consider = [&](base::SteadyTime time) {
      earliest = earliest ? std::min(*earliest, time) : time;
    };
    for (const List& list : lists_) {
      if (!list.empty()) consider(list.front().first);
    }
    if (!delays_.empty()) consider(delays_.begin()->first);
    return earliest;
  }

 private:
  using List = std::list<std::pair<base::SteadyTime, Connection*>>;
  Durations durations_;
  std::array<List, kWaits> lists_;
  std::multimap<base::SteadyTime, Connection*> delays_;
};

}  // namespace imdsd::http
