// SPDX-License-Identifier: MIT
#include "iam/mfa_throttle.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"

namespace imdsd::iam {
namespace {

using std::chrono::seconds;

class MfaThrottleTest : public testing::Test {
 protected:
  /// How many codes are looked at of so many that come at once, and are wrong.
  unsigned admitted(unsigned tries, std::string_view serial = "phone") {
    unsigned count = 0;
    for (unsigned i = 0; i < tries; ++i) count += throttle_.admit(serial) ? 1 : 0;
    return count;
  }

  fakes::ManualClock clock_;
  MfaThrottle throttle_{clock_, 3};
};

TEST_F(MfaThrottleTest, PausesFromTheTenthWrongCodeOn) {
  EXPECT_EQ(admitted(50), MfaThrottle::kWrongCodes);
  clock_.advance(MfaThrottle::kFirstPause - std::chrono::microseconds(1));
  EXPECT_EQ(admitted(50), 0U);
  clock_.advance(std::chrono::microseconds(1));
  EXPECT_EQ(admitted(50), 1U);
}

TEST_F(MfaThrottleTest, EachFurtherWrongCodeDoublesThePause) {
  EXPECT_EQ(admitted(10), 10U);
  for (const auto pause : {30, 60, 120, 240, 480, 960, 960, 960}) {
    clock_.advance(seconds(pause) - seconds(1));
    EXPECT_EQ(admitted(1), 0U) << pause;
    clock_.advance(seconds(1));
    EXPECT_EQ(admitted(1), 1U) << pause;
  }
}

TEST_F(MfaThrottleTest, StaysAtTheLongestPauseHoweverManyThereWere) {
  for (int i = 0; i < 200; ++i) {
    clock_.advance(MfaThrottle::kLongestPause);
    EXPECT_EQ(admitted(1), 1U);
  }
  clock_.advance(MfaThrottle::kLongestPause - seconds(1));
  EXPECT_EQ(admitted(1), 0U);
}

TEST_F(MfaThrottleTest, ARightCodeEndsTheRow) {
  EXPECT_EQ(admitted(9), 9U);
  throttle_.clear("phone");
  EXPECT_EQ(admitted(9), 9U);
  EXPECT_EQ(admitted(2), 1U);
  throttle_.clear("phone");
  EXPECT_EQ(admitted(20), 10U);
  throttle_.clear("a device that nobody tried");
}

TEST_F(MfaThrottleTest, TheWallClockDoesNotCount) {
  EXPECT_EQ(admitted(10), 10U);
  clock_.set(clock_.now() + std::chrono::hours(1));
  EXPECT_EQ(admitted(1), 0U);
}

TEST_F(MfaThrottleTest, DevicesHaveRowsOfTheirOwn) {
  EXPECT_EQ(admitted(20, "phone"), 10U);
  EXPECT_EQ(admitted(20, "key"), 10U);
}

TEST_F(MfaThrottleTest, ForgetsTheDeviceThatWasTriedTheLongestTimeAgo) {
  EXPECT_EQ(admitted(10, "first"), 10U);
  EXPECT_EQ(admitted(10, "second"), 10U);
  EXPECT_EQ(admitted(10, "third"), 10U);
  EXPECT_EQ(admitted(1, "first"), 0U);
  EXPECT_EQ(admitted(10, "fourth"), 10U);
  EXPECT_EQ(admitted(1, "first"), 0U);
  EXPECT_EQ(admitted(1, "third"), 0U);
  EXPECT_EQ(admitted(1, "second"), 1U) << "forgotten";
}

TEST_F(MfaThrottleTest, OfSomethingElseMoreMayBeWrong) {
  MfaThrottle peers(clock_, 10, 50);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(peers.admit("127.0.0.1"));
  EXPECT_FALSE(peers.admit("127.0.0.1"));
  clock_.advance(MfaThrottle::kFirstPause);
  EXPECT_TRUE(peers.admit("127.0.0.1"));
  clock_.advance(MfaThrottle::kFirstPause);
  EXPECT_FALSE(peers.admit("127.0.0.1")) << "twice as long behind a further one";
}

TEST_F(MfaThrottleTest, CodesThatComeAtTheSameTimeAreCounted) {
  MfaThrottle throttle(clock_);
  std::atomic<unsigned> seen = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, own = "device-" + std::to_string(i)] {
      for (int k = 0; k < 500; ++k) {
        if (throttle.admit("shared")) ++seen;
        if (throttle.admit(own)) throttle.clear(own);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(seen, MfaThrottle::kWrongCodes);
}

}  // namespace
}  // namespace imdsd::iam
