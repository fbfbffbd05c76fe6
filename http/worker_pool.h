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

/// Threads for work that may block, made when there is work for one more, up to a fixed number,
/// and a bounded queue in front of them. Thread-safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  WorkerPool(std::string name, unsigned threads, std::size_t max_queued);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// False when the queue is full, or not even a first thread can be made.
  [[nodiscard]] bool submit(Job job);
  /// Whether jobs wait for a thread. For a job that can do more or less.
  [[nodiscard]] bool has_queue();
  /// Jobs that run are waited for; queued ones are dropped.
  void stop();

 private:
  [[nodiscard]] bool add_thread();
  void work(std::stop_token stop);

  const std::string name_;
  const unsigned threads_;
  const std::size_t max_queued_;
  std::mutex mutex_;
  std::condition_variable_any waiting_;
  std::deque<Job> queue_;
  unsigned started_ = 0;   // threads
  unsigned busy_ = 0;      // of them
  base::TaskGroup tasks_;  // last: joins before the rest goes
};

}  // namespace imdsd::http
