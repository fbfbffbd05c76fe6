// SPDX-License-Identifier: MIT
#include "tests/fakes/manual_clock.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace imdsd::fakes {
namespace {

using base::SteadyTime;
using std::chrono::hours;

TEST(ManualClock, AdvanceMovesBothClocksSetOnlyTheWallClock) {
  ManualClock clock;
  const auto wall = clock.now();
  const auto steady = clock.monotonic();
  clock.advance(hours(1));
  EXPECT_EQ(clock.now(), wall + hours(1));
  EXPECT_EQ(clock.monotonic(), steady + hours(1));
  clock.set(wall);
  EXPECT_EQ(clock.now(), wall);
  EXPECT_EQ(clock.monotonic(), steady + hours(1));
}

TEST(ManualClock, SleepEndsAtTheDeadlineAndNotBefore) {
  ManualClock clock;
  const SteadyTime deadline = clock.monotonic() + hours(6);
  std::atomic<bool> awake = false;
  std::jthread sleeper([&] {
    clock.sleep_until(deadline, {});
    awake = true;
  });
  clock.wait_for_sleeper();
  EXPECT_EQ(clock.next_deadline(), deadline);
  clock.advance(hours(6) - std::chrono::microseconds(1));
  EXPECT_EQ(clock.sleepers(), 1U);
  EXPECT_FALSE(awake);
  clock.advance(std::chrono::microseconds(1));
  EXPECT_EQ(clock.sleepers(), 0U);
  sleeper.join();
  EXPECT_TRUE(awake);
  EXPECT_EQ(clock.next_deadline(), std::nullopt);
}

TEST(ManualClock, EachWaitSeesTheNextSleepNeverTheLastOne) {
  ManualClock clock;
  std::atomic<int> rounds = 0;
  std::jthread loop([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      clock.sleep_until(clock.monotonic() + hours(1), stop);
      ++rounds;
    }
  });
  for (int i = 0; i < 200; ++i) {
    clock.wait_for_sleeper();
    EXPECT_EQ(rounds, i);
    clock.advance(hours(1));
  }
}

TEST(ManualClock, WakeEndsEverySleepInProgress) {
  ManualClock clock;
  std::jthread first([&] { clock.sleep_until(SteadyTime::max(), {}); });
  std::jthread second([&] { clock.sleep_until(SteadyTime::max(), {}); });
  clock.wait_for_sleeper(2);
  clock.wake();
  first.join();
  second.join();
  std::jthread third([&] { clock.sleep_until(clock.monotonic() + hours(1), {}); });
  clock.wait_for_sleeper();  // that wake() was used up
  clock.advance(hours(1));
}

TEST(ManualClock, WakeWithoutSleeperEndsTheNextSleep) {
  ManualClock clock;
  clock.wake();
  clock.sleep_until(SteadyTime::max(), {});
}

TEST(ManualClock, StopEndsTheSleep) {
  ManualClock clock;
  std::jthread sleeper(
      [&](const std::stop_token& stop) { clock.sleep_until(SteadyTime::max(), stop); });
  clock.wait_for_sleeper();
  sleeper.request_stop();
  EXPECT_EQ(clock.sleepers(), 0U);
  sleeper.join();
  clock.sleep_until(SteadyTime::max(), sleeper.get_stop_token());
}

TEST(ManualClock, PastDeadlineDoesNotSleep) {
  ManualClock clock;
  clock.sleep_until(clock.monotonic(), {});
}

}  // namespace
}  // namespace imdsd::fakes
