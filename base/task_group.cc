// SPDX-License-Identifier: MIT
#include "base/task_group.h"

#include <pthread.h>
#include <utility>

namespace imdsd::base {
namespace {

constexpr std::size_t kMaxThreadName =
    15;  // pthread_setname_np(3); a longer one is refused, not cut

}  // namespace

TaskGroup::~TaskGroup() {
  stop();
  join();
}

void TaskGroup::spawn(const std::string& name, Task task) {
  auto body = [kernel_name = name.substr(0, kMaxThreadName), task = std::move(task),
               token = source_.get_token()] {
    pthread_setname_np(pthread_self(), kernel_name.c_str());
    task(token);
  };
  std::lock_guard lock(mutex_);
  threads_.emplace_back(std::move(body));
}

void TaskGroup::stop() {
  source_.request_stop();
}

void TaskGroup::join() {
  // Joined without the lock, again until none is left: a task may spawn another before it returns.
  for (;;) {
    std::vector<std::jthread> running;
    {
      std::lock_guard lock(mutex_);
      running.swap(threads_);
    }
    if (running.empty()) return;
    running.clear();  // ~jthread joins
  }
}

}  // namespace imdsd::base
