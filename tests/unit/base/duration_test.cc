// SPDX-License-Identifier: MIT
#include "base/duration.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using std::chrono::milliseconds;

struct Good {
  std::string_view name, text;
  std::int64_t count;
  std::string_view canonical;
};
class DurationGood : public testing::TestWithParam<Good> {};

TEST_P(DurationGood, ParsesAndFormats) {
  const auto duration = parse_duration(GetParam().text);
  ASSERT_TRUE(duration.has_value()) << duration.error().message;
  EXPECT_EQ(duration->count(), GetParam().count);
  EXPECT_EQ(format_duration(*duration), GetParam().canonical);
  EXPECT_EQ(parse_duration(GetParam().canonical).value(), *duration);
}

INSTANTIATE_TEST_SUITE_P(All, DurationGood,
                         testing::Values(Good{"hours", "6h", 21'600'000, "6h"},
                                         Good{"seconds", "20s", 20'000, "20s"},
                                         Good{"millis", "500ms", 500, "500ms"},
                                         Good{"mixed", "1h30m", 5'400'000, "1h30m"},
                                         Good{"days", "2d", 172'800'000, "2d"},
                                         Good{"zero", "0s", 0, "0s"},
                                         Good{"zero_hours", "0h", 0, "0s"},
                                         Good{"big_minutes", "90m", 5'400'000, "1h30m"},
                                         Good{"all", "1d2h3m4s5ms", 93'784'005, "1d2h3m4s5ms"},
                                         Good{"gap", "1d5ms", 86'400'005, "1d5ms"},
                                         Good{"seconds_21600", "21600s", 21'600'000, "6h"},
                                         Good{"most", "36500d", 3'153'600'000'000, "36500d"}),
                         [](const auto& row) { return std::string(row.param.name); });

class DurationBad : public testing::TestWithParam<std::string_view> {};
TEST_P(DurationBad, IsRefused) {
  const auto duration = parse_duration(GetParam());
  ASSERT_FALSE(duration.has_value()) << duration->count();
  EXPECT_EQ(duration.error().code, Errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(All, DurationBad,
                         testing::Values("", "6", "h", "0", "6 h", " 6h", "6h ", "-6h", "+6h",
                                         "1.5h", "30m1h", "1h1h", "1s1m", "1ms1s", "6H", "6hours",
                                         "6us", "6min", "36501d", "36500d1ms",
                                         "9223372036854775807d", "9223372036854775808ms",
                                         "99999999999999999999s", "1hm",
                                         std::string_view("6h\0", 3)));

TEST(FormatDuration, NegativeHasASign) {
  EXPECT_EQ(format_duration(milliseconds(-5'400'000)), "-1h30m");
  EXPECT_EQ(format_duration(milliseconds::min()), "-106751991167d7h12m55s808ms");
}

}  // namespace
}  // namespace imdsd::base
