// SPDX-License-Identifier: MIT
#include "base/clock_real.h"

#include <algorithm>
#include <utility>

namespace imdsd::base {

SystemTime RealClock::now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

SteadyTime RealClock::monotonic() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

void RealClock::sleep_until(SteadyTime deadline, std::stop_token stop) {
  // The library converts to nanoseconds, which overflows for a deadline of "never".
  constexpr std::chrono::hours kLongestWait{24};
  std::unique_lock lock(mutex_);
  if (std::exchange(wake_pending_, false)) return;
  ++sleepers_;
  const auto woken = [this, before = wakes_] { return wakes_ != before; };
  for (auto now = monotonic(); now < deadline && !woken() && !stop.stop_requested();
       now = monotonic()) {
    changed_.wait_until(lock, stop,
                        now + std::min<SteadyTime::duration>(deadline - now, kLongestWait), woken);
  }
  --sleepers_;
}

void RealClock::wake() {
  {
    std::lock_guard lock(mutex_);
    ++wakes_;
    wake_pending_ = sleepers_ == 0;
  }
  changed_.notify_all();
}

}  // namespace imdsd::base
