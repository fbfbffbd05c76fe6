// SPDX-License-Identifier: MIT
#include "sts_client/rotation_policy.h"

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::sts_client {
namespace {

using base::SystemTime;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct MarginCase {
  std::string_view name;
  microseconds lifetime, margin;
};

class RotationMargin : public testing::TestWithParam<MarginCase> {};

TEST_P(RotationMargin, FollowsTheLifetime) {
  EXPECT_EQ(rotation_margin(GetParam().lifetime), GetParam().margin);
}

INSTANTIATE_TEST_SUITE_P(Lifetimes, RotationMargin,
                         testing::Values(MarginCase{"twelve_hours", hours(12), hours(2)},
                                         MarginCase{"six_hours", hours(6), hours(1)},
                                         MarginCase{"three_hours", hours(3), minutes(30)},
                                         MarginCase{"just_over_three_hours", hours(3) + seconds(6),
                                                    minutes(30) + seconds(1)},
                                         MarginCase{"one_hour", hours(1), minutes(30)},
                                         MarginCase{"just_under_one_hour", hours(1) - seconds(3),
                                                    minutes(20) - seconds(1)},
                                         MarginCase{"fifteen_minutes", minutes(15), minutes(5)},
                                         MarginCase{"six_seconds", seconds(6), seconds(2)},
                                         MarginCase{"nothing", seconds(0), seconds(0)}),
                         [](const auto& tested) { return std::string(tested.param.name); });

constexpr SystemTime kIssued = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);

TEST(RotationJitter, IsAlwaysTheSameAndSpreadsIdsEvenly) {
  EXPECT_EQ(rotation_jitter("i-0a1b2c3d4e5f60718"), rotation_jitter("i-0a1b2c3d4e5f60718"));
  std::array<int, 10> tenths{};
  constexpr int kIds = 10'000;
  for (int i = 0; i < kIds; ++i) {
    const double jitter = rotation_jitter("i-" + std::to_string(i));
    ASSERT_GE(jitter, 0.0);
    ASSERT_LT(jitter, 1.0);
    ++tenths.at(static_cast<std::size_t>(jitter * 10));
  }
  for (const int count : tenths) EXPECT_NEAR(count, kIds / 10, 150);
}

TEST(NextRotation, IsAtTheMarginWithoutJitter) {
  EXPECT_EQ(next_rotation(kIssued, kIssued + hours(6), 0.0), kIssued + hours(5));
}

TEST(NextRotation, JitterOnlyMakesItEarlierByUpToAQuarterOfTheMargin) {
  EXPECT_EQ(next_rotation(kIssued, kIssued + hours(6), 0.5), kIssued + hours(5) - seconds(450));
  const auto earliest = next_rotation(kIssued, kIssued + hours(6), 0.999999999);
  EXPECT_GT(earliest, kIssued + hours(5) - minutes(15) - milliseconds(1));
  EXPECT_LT(earliest, kIssued + hours(5) - minutes(15) + milliseconds(1));
}

// The expiration is printed in whole seconds: credentials asked for one hour live a little less.
TEST(NextRotation, RoundingOfTheExpirationDoesNotMoveItToAnotherRule) {
  const auto issued = kIssued + milliseconds(700);
  const auto expiration = kIssued + hours(1);
  EXPECT_EQ(next_rotation(issued, expiration, 0.0), expiration - minutes(30));
}

struct RetryCase {
  std::string_view name;
  unsigned failures;
  microseconds lifetime, delay;
};

class RetryDelay : public testing::TestWithParam<RetryCase> {};

TEST_P(RetryDelay, DoublesUpToItsLimit) {
  EXPECT_EQ(retry_delay(GetParam().failures, GetParam().lifetime), GetParam().delay);
}

INSTANTIATE_TEST_SUITE_P(
    Failures, RetryDelay,
    testing::Values(RetryCase{"first", 1, hours(6), milliseconds(500)},
                    RetryCase{"second", 2, hours(6), seconds(1)},
                    RetryCase{"third", 3, hours(6), seconds(2)},
                    RetryCase{"sixth", 6, hours(6), seconds(16)},
                    RetryCase{"seventh_is_capped", 7, hours(6), seconds(30)},
                    RetryCase{"no_overflow", 4'000'000'000U, hours(6), seconds(30)},
                    RetryCase{"short_life_caps_at_a_quarter_of_the_margin", 9, minutes(1),
                              seconds(5)},
                    RetryCase{"very_short_life", 1, seconds(3), milliseconds(250)},
                    RetryCase{"zero_counts_as_first", 0, hours(6), milliseconds(500)}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace imdsd::sts_client
