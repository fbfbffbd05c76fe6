// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace imdsd::base {

/// Work that one thread at a time may do, and does for all who came while another was at it: those
/// who write to a disk wait for two of its syncs at most. `Work` has a member `bool done = false`,
/// which belongs to this class. Thread-safe.
template <class Work>
class SharedTurns {
 public:
  /// Calls `together(works)`, which must not throw, with `mine` among them, here or on the thread
  /// of another, and returns when that has returned.
  template <class Together>
  void run(Work& mine, const Together& together) {
    std::vector<Work*> works;
    {
      std::unique_lock lock(mutex_);
      waiting_.push_back(&mine);
      // Those whose work is done go on at once: whoever is next does not hold them up.
      turn_.wait(lock, [&] { return mine.done || !taken_; });
      if (mine.done) return;
      taken_ = true;
      works.swap(waiting_);
    }
    together(works);
    give_back(works);
  }

  /// Calls `work()`, which must not throw, while nobody else is at it.
  template <class Alone>
  auto run_alone(const Alone& work) {
    {
      std::unique_lock lock(mutex_);
      turn_.wait(lock, [&] { return !taken_; });
      taken_ = true;
    }
    auto result = work();
    give_back({});
    return result;
  }

  /// How many wait to be taken along.
  [[nodiscard]] std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }

 private:
  void give_back(const std::vector<Work*>& done) {
    {
      const std::lock_guard lock(mutex_);
      for (Work* const work : done) work->done = true;
      taken_ = false;
    }
    turn_.notify_all();
  }

  mutable std::mutex mutex_;  // of all below
  std::condition_variable turn_;
  bool taken_ = false;
  std::vector<Work*> waiting_;
};

}  // namespace imdsd::base
