// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/clock.h"

namespace imdsd::base {

/// The machine's clocks. Made once, by daemon/.
class RealClock final : public Clock {
 public:
  [[nodiscard]] SystemTime now() const override;
  [[nodiscard]] SteadyTime monotonic() const override;
  void sleep_until(SteadyTime deadline, std::stop_token stop) override;
  void wake() override;

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  unsigned sleepers_ = 0;
  std::uint64_t wakes_ = 0;    // of sleeps in progress
  bool wake_pending_ = false;  // for the next sleep
};

}  // namespace imdsd::base
