// SPDX-License-Identifier: MIT
#include "http/worker_pool.h"

#include <utility>

namespace imdsd::http {

WorkerPool::WorkerPool(std::string name, unsigned threads, std::size_t max_queued)
    : name_(std::move(name)), threads_(threads == 0 ? 1 : threads), max_queued_(max_queued) {}

void WorkerPool::start() {
  for (unsigned i = 0; i < threads_; ++i) {
    tasks_.spawn(name_ + "-" + std::to_string(i), [this](std::stop_token stop) { work(stop); });
  }
}

bool WorkerPool::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    // A job that an idle thread is about to take does not wait, so it needs no place in the queue.
    if (queue_.size() >= max_queued_ + idle_) return false;
    queue_.push_back(std::move(job));
    if (idle_ == 0) return true;
  }
  waiting_.notify_one();
  return true;
}

void WorkerPool::stop() {
  tasks_.stop();
  tasks_.join();
}

void WorkerPool::work(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    const bool has_job = waiting_.wait(lock, stop, [this] { return !queue_.empty(); });
    --idle_;
    if (!has_job || stop.stop_requested()) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what it owns goes before the lock is taken again
    lock.lock();
  }
}

}  // namespace imdsd::http
