// SPDX-License-Identifier: MIT
// Time, injected. Wall time for what a person or a protocol sees, monotonic time for intervals.
#pragma once

#include <chrono>
#include <stop_token>

namespace imdsd::base {

using SystemTime = std::chrono::sys_time<std::chrono::microseconds>;
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

/// Thread-safe. The only source of time below daemon/; pure functions take a SystemTime instead.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SystemTime now() const = 0;
  [[nodiscard]] virtual SteadyTime monotonic() const = 0;
  /// Returns at `deadline`, or earlier when `stop` is requested or wake() is called.
  virtual void sleep_until(SteadyTime deadline, std::stop_token stop) = 0;
  /// Ends every sleep_until() in progress, and the next one if none is: the sleeper looks again at
  /// what it waits for.
  virtual void wake() = 0;
};

}  // namespace imdsd::base
