// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <mutex>

namespace imdsd::sts_client {

/// Held by one thread at a time, for as long as it likes. Waiting, not locking: who holds it calls
/// code that is not ours to know, such as a credential source. Thread-safe.
class Turn {
 public:
  class Guard {
   public:
    explicit Guard(Turn& turn) : turn_(turn) {
      std::unique_lock lock(turn_.mutex_);
      turn_.free_.wait(lock, [&] { return !turn_.taken_; });
      turn_.taken_ = true;
    }
    ~Guard() {
      {
        std::lock_guard lock(turn_.mutex_);
        turn_.taken_ = false;
      }
      turn_.free_.notify_one();
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Turn& turn_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  bool taken_ = false;
};

}  // namespace imdsd::sts_client
