// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/result.h"
#include "http/acceptor.h"
#include "http/connection.h"
#include "http/deadlines.h"
#include "http/server_core.h"

namespace imdsd::http {

/// One event thread: its epoll set, its connections and their deadlines. A connection stays with
/// the loop that adopts it. post(), adopt(), add_listener() and drop_listener() are for other
/// threads.
class EventLoop {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<EventLoop>> create(ServerCore& core);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// Serves until the server drains and the last connection is gone.
  void run();

  /// Runs `task` on this loop's thread.
  void post(std::function<void()> task);
  /// True when the no-op that the previous call posted has run; posts the next. For one thread.
  [[nodiscard]] bool responds();
  /// Takes a connection that another loop has accepted.
  void adopt(Accepted accepted);
  /// Accepts on this listener as well.
  void add_listener(std::shared_ptr<ListenSocket> listener);
  /// Stops to, and breaks its connections off. The listener was told drop() before.
  void drop_listener(std::shared_ptr<ListenSocket> listener);
  [[nodiscard]] std::size_t connections() const noexcept {
    return size_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] const LoopCounters& counters() const noexcept { return counters_; }

  // For the connections and the acceptor of this loop.
  [[nodiscard]] ServerCore& core() noexcept { return core_; }
  [[nodiscard]] LoopCounters& counters() noexcept { return counters_; }
  [[nodiscard]] Deadlines& deadlines() noexcept { return deadlines_; }
  [[nodiscard]] base::SteadyTime now() const noexcept { return now_; }
  [[nodiscard]] std::span<char> scratch() noexcept { return scratch_; }
  [[nodiscard]] int epoll_fd() const noexcept { return epoll_.get(); }
  void add(Accepted accepted);
  /// Calls drive() again when the other connections had their turn.
  void again(Connection& connection) { again_.push_back(&connection); }
  /// Deletes it after the current round of events, which may still name it.
  void retire(Connection& connection);

 private:
  explicit EventLoop(ServerCore& core);
  void run_tasks();
  void run_again();
  void run_deadlines();
  void begin_drain();
  void end_drain();
  void break_off(const std::function<bool(const Connection&)>& which);
  [[nodiscard]] int wait_milliseconds() const;

  ServerCore& core_;
  LoopCounters counters_;
  base::FileDescriptor epoll_, wake_;
  std::unique_ptr<Acceptor> acceptor_;
  Deadlines deadlines_;
  base::SteadyTime now_;
  std::optional<base::SteadyTime> drain_deadline_;
  bool draining_ = false;
  std::vector<char> scratch_;
  std::unordered_set<Connection*> connections_;
  std::atomic<std::size_t> size_ = 0;  // of connections_, and of those on their way here
  std::vector<Connection*> again_;
  std::vector<std::unique_ptr<Connection>> retired_;
  std::atomic<bool> responded_ = true;
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;  // guarded by mutex_
};

}  // namespace imdsd::http
