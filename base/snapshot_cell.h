// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace imdsd::base {

/// Holds the one published, immutable value of T. Readers load() once, at the start of their work,
/// and keep what they got; writers build a new T and store() it. Thread-safe; the mutex is held for
/// one pointer copy. (std::atomic<shared_ptr> on GCC 12 is slower under contention and a race to
/// TSan: docs/decisions/0002-snapshot-cell.md.)
template <class T>
class SnapshotCell {
 public:
  SnapshotCell() = default;
  explicit SnapshotCell(std::shared_ptr<const T> initial) : value_(std::move(initial)) {}
  SnapshotCell(const SnapshotCell&) = delete;
  SnapshotCell& operator=(const SnapshotCell&) = delete;

  [[nodiscard]] std::shared_ptr<const T> load() const {
    std::lock_guard lock(mutex_);
    return value_;
  }

  void store(std::shared_ptr<const T> next) {
    {
      std::lock_guard lock(mutex_);
      value_.swap(next);
    }
    // The old value ends here, outside the lock.
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace imdsd::base
