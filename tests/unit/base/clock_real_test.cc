// SPDX-License-Identifier: MIT
#include "base/clock_real.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(RealClock, MonotonicDoesNotGoBack) {
  const RealClock clock;
  const SteadyTime first = clock.monotonic();
  EXPECT_GE(clock.monotonic(), first);
  EXPECT_GT(clock.now(), std::chrono::sys_days(std::chrono::year(2024) / 1 / 1));
}

TEST(RealClock, ReturnsWhenTheDeadlineIsReached) {
  RealClock clock;
  const SteadyTime deadline = clock.monotonic() + std::chrono::milliseconds(5);
  clock.sleep_until(deadline, {});
  EXPECT_GE(clock.monotonic(), deadline);
  clock.sleep_until(SteadyTime::min(), {});
}

TEST(RealClock, WakeAheadOfTheSleepEndsThatSleepAlone) {
  RealClock clock;
  clock.wake();
  clock.sleep_until(SteadyTime::max(), {});
  const SteadyTime deadline = clock.monotonic() + std::chrono::milliseconds(5);
  clock.sleep_until(deadline, {});
  EXPECT_GE(clock.monotonic(), deadline);
}

TEST(RealClock, WakeReachesEverySleeper) {
  RealClock clock;
  std::atomic<int> awake = 0;
  {
    std::jthread first([&] { clock.sleep_until(SteadyTime::max(), {}), ++awake; });
    std::jthread second([&] { clock.sleep_until(SteadyTime::max(), {}), ++awake; });
    while (awake < 2) {
      clock.wake();
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(awake, 2);
}

TEST(RealClock, StopEndsTheSleep) {
  RealClock clock;
  std::jthread sleeper(
      [&](const std::stop_token& stop) { clock.sleep_until(SteadyTime::max(), stop); });
  sleeper.request_stop();
  sleeper.join();
  clock.sleep_until(SteadyTime::max(), sleeper.get_stop_token());
}

}  // namespace
}  // namespace imdsd::base
