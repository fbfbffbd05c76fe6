// SPDX-License-Identifier: MIT
#include "http/worker_pool.h"

#include <system_error>
#include <utility>

#include "base/log.h"

namespace imdsd::http {

WorkerPool::WorkerPool(std::string name, unsigned threads, std::size_t max_queued)
    : name_(std::move(name)), threads_(threads == 0 ? 1 : threads), max_queued_(max_queued) {}

bool WorkerPool::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    // A job that a free thread is about to take does not wait, so it needs no place in the queue.
    if (queue_.size() >= max_queued_ + (threads_ - busy_)) return false;
    const bool lacks_thread = queue_.size() >= started_ - busy_ && started_ < threads_;
    if (lacks_thread && !add_thread() && started_ == 0) return false;
    queue_.push_back(std::move(job));
    if (busy_ == started_) return true;
  }
  waiting_.notify_one();
  return true;
}

bool WorkerPool::has_queue() {
  const std::lock_guard lock(mutex_);
  return !queue_.empty();
}

bool WorkerPool::add_thread() {
  try {
    tasks_.spawn(name_ + "-" + std::to_string(started_),
                 [this](std::stop_token stop) { work(stop); });
  } catch (const std::system_error& error) {
    base::log_error("a thread could not be started", {{"name", name_}, {"error", error.what()}});
    return false;
  }
  ++started_;
  return true;
}

void WorkerPool::stop() {
  tasks_.stop();
  tasks_.join();
}

void WorkerPool::work(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    const bool has_job = waiting_.wait(lock, stop, [this] { return !queue_.empty(); });
    if (!has_job || stop.stop_requested()) return;
    Job job = std::move(queue_.front());
    queue_.pop_front();
    ++busy_;
    lock.unlock();
    job();
    job = nullptr;  // what it owns goes before the lock is taken again
    lock.lock();
    --busy_;
  }
}

}  // namespace imdsd::http
