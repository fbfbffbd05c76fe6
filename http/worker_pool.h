// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/task_group.h"

namespace imdsd::http {

/// A fixed number of threads for work that may block, and a bounded queue in front of them.
/// Thread-safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  WorkerPool(std::string name, unsigned threads, std::size_t max_queued);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void start();
  /// False when the queue is full.
  [[nodiscard]] bool submit(Job job);
  /// Jobs that run are waited for; queued ones are dropped.
  void stop();

 private:
  void work(std::stop_token stop);

  const std::string name_;
  const unsigned threads_;
  const std::size_t max_queued_;
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::deque<Job> queue_;
  unsigned idle_ = 0;
  base::TaskGroup tasks_;  // last: joins before the rest goes
};

}  // namespace imdsd::http
