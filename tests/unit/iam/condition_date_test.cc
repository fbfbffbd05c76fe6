// SPDX-License-Identifier: MIT
#include "iam/condition_date.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

struct Case {
  std::string_view name, text;
  std::int64_t micros;
};

class PolicyDates : public testing::TestWithParam<Case> {};

TEST_P(PolicyDates, Parse) {
  const auto date = parse_policy_date(GetParam().text);
  ASSERT_TRUE(date) << date.error().message;
  EXPECT_EQ(date->time_since_epoch().count(), GetParam().micros);
}

constexpr Case kDates[] = {
    {"Year", "1971", 31'536'000'000'000},
    {"Month", "1970-02", 2'678'400'000'000},
    {"Day", "1970-01-02", 86'400'000'000},
    {"LeapDay", "1972-02-29", 68'169'600'000'000},
    {"Minutes", "1970-01-01T00:01Z", 60'000'000},
    {"Seconds", "1970-01-01T00:01:02Z", 62'000'000},
    {"Fraction", "1970-01-01T00:00:00.25Z", 250'000},
    {"FractionBeyondMicroseconds", "1970-01-01T00:00:00.1234567Z", 123'456},
    {"East", "1970-01-01T01:00+01:00", 0},
    {"West", "1970-01-01T00:00:00-00:30", 1'800'000'000},
    {"ShortYear", "01T", -62'135'596'800'000'000},
    {"NoTimeBehindT", "1970-01-02T", 86'400'000'000},
    {"HourOfOneDigit", "1970-01-02t2:00:00.593194+01", 90'000'593'194},
    {"NineDigits", "1970-01-01T00:00:00.123456789Z", 123'456},
    {"Epoch", "86400", 86'400'000'000},
    {"EpochZero", "0", 0},
    {"EpochFraction", "1.5", 1'500'000},
    {"EpochNegative", "-1.5", -1'500'000},
    {"EpochLarge", "999999999999", 999'999'999'999'000'000},
};
INSTANTIATE_TEST_SUITE_P(PolicyDate, PolicyDates, testing::ValuesIn(kDates),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(PolicyDate, RefusesOtherText) {
  for (const std::string_view text : {"",
                                      "-",
                                      ".",
                                      "1.",
                                      "-.5",
                                      "now",
                                      "1970-",
                                      "1970-1",
                                      "1970-13",
                                      "1970-00-01",
                                      "1970-01-32",
                                      "1971-02-29",
                                      "197-01T",
                                      "234-13",
                                      "T",
                                      "1970-01-01Tx",
                                      "1970-01-01T00:00:00.1999999999+10:59",
                                      "1970-01-01t2:00:00.593194+1",
                                      "9223372036854775808",
                                      "1970-01-01T00",
                                      "1970-01-01T00:00",
                                      "1970-01-01T24:00Z",
                                      "1970-01-01T00:60Z",
                                      "1970-01-01T00:00:60Z",
                                      "1970-01-01T00:00:00",
                                      "1970-01-01T00:00:00.Z",
                                      "1970-01-01T00:00:00+1:00",
                                      "1970-01-01T00:00:00+24:00",
                                      "1970-01-01T00:00:00+01:60",
                                      "1970-01-01T00:00:00+0100",
                                      "1970-01-01 00:00:00Z",
                                      "1970-01-01T00:00:00Zx",
                                      "1970-01-01T00:00:00z",
                                      "1000000000000",
                                      "--1",
                                      "1.-5",
                                      "+5",
                                      "0x10",
                                      "1e5"}) {
    EXPECT_FALSE(parse_policy_date(text)) << text;
  }
}

TEST(PolicyDate, TruncationIsRefusedOrAnotherDate) {
  constexpr std::string_view kWhole = "2026-01-02T03:04:05.678+09:30";
  for (std::size_t i = 0; i < kWhole.size(); ++i) {
    const auto date = parse_policy_date(kWhole.substr(0, i));
    EXPECT_EQ(date.has_value(), i >= 1 && (i <= 4 || i == 7 || i == 10 || i == 11 || i == 26))
        << kWhole.substr(0, i);
  }
}

}  // namespace
}  // namespace imdsd::iam
