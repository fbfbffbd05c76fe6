// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace imdsd::base {

/// The daemon's threads: each a named function that returns when its stop_token is requested. The
/// only place that starts a thread. Destruction stops and joins all. spawn() and stop() are
/// thread-safe.
class TaskGroup {
 public:
  using Task = std::function<void(std::stop_token)>;

  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();

  /// `name` shows in ps and gdb; at most 15 bytes reach the kernel. A task that throws ends the
  /// process (std::terminate).
  void spawn(const std::string& name, Task task);
  /// Asks every task to end; returns at once.
  void stop();
  /// Waits until every task has returned. Not from a task.
  void join();
  [[nodiscard]] std::stop_token stop_token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

}  // namespace imdsd::base
