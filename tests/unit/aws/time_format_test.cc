// SPDX-License-Identifier: MIT
#include "aws/time_format.h"

#include <gtest/gtest.h>

namespace imdsd::aws {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

base::SystemTime at(long long unix_seconds, long long micros = 0) {
  return base::SystemTime(seconds(unix_seconds)) + microseconds(micros);
}

struct TimeCase {
  std::string_view name;
  long long unix_seconds;
  std::string_view iso, basic;
};

class TimeFormat : public testing::TestWithParam<TimeCase> {};

TEST_P(TimeFormat, PrintsTheTime) {
  const auto& c = GetParam();
  EXPECT_EQ(format_iso8601(at(c.unix_seconds)), c.iso);
  EXPECT_EQ(format_basic(at(c.unix_seconds)), c.basic);
}

TEST_P(TimeFormat, ReadsWhatItPrints) {
  const auto& c = GetParam();
  EXPECT_EQ(parse_iso8601(c.iso).value(), at(c.unix_seconds));
  EXPECT_EQ(parse_basic(c.basic).value(), at(c.unix_seconds));
}

TEST_P(TimeFormat, RefusesEveryPieceOfIt) {
  const auto& c = GetParam();
  for (std::size_t n = 0; n < c.iso.size(); ++n) EXPECT_FALSE(parse_iso8601(c.iso.substr(0, n)));
  for (std::size_t n = 0; n < c.basic.size(); ++n) EXPECT_FALSE(parse_basic(c.basic.substr(0, n)));
}

INSTANTIATE_TEST_SUITE_P(
    Times, TimeFormat,
    testing::Values(TimeCase{"Epoch", 0, "1970-01-01T00:00:00Z", "19700101T000000Z"},
                    TimeCase{"SigV4Suite", 1440938160, "2015-08-30T12:36:00Z", "20150830T123600Z"},
                    TimeCase{"LeapDay", 1709251199, "2024-02-29T23:59:59Z", "20240229T235959Z"},
                    TimeCase{"BeforeEpoch", -1, "1969-12-31T23:59:59Z", "19691231T235959Z"},
                    TimeCase{"After2038", 4102444801, "2100-01-01T00:00:01Z", "21000101T000001Z"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(FormatIso8601, RoundsDown) {
  EXPECT_EQ(format_iso8601(at(0, 999'999)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_iso8601(at(0, -1)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(format_basic(at(59, 999'999)), "19700101T000059Z");
}

TEST(FloorToSecond, IsTheTimeThatIsPrinted) {
  EXPECT_EQ(floor_to_second(at(7, 999'999)), at(7));
  EXPECT_EQ(floor_to_second(at(7)), at(7));
  EXPECT_EQ(floor_to_second(at(0, -1)), at(-1));
}

TEST(ParseIso8601, TakesFractionsToTheMicrosecond) {
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:01.5Z").value(), at(1, 500'000));
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:01.000001Z").value(), at(1, 1));
  EXPECT_EQ(parse_iso8601("1970-01-01T00:00:01.123456789Z").value(), at(1, 123'456));
}

TEST(ParseIso8601, RefusesEverythingElse) {
  for (const std::string_view text : {"1970-01-01T00:00:01.Z",  "1970-01-01T00:00:01.1234567890Z",
                                      "1970-01-01T00:00:01,5Z", "1970-01-01T00:00:00+00:00",
                                      "1970-01-01T00:00:00z",   "1970-01-01t00:00:00Z",
                                      "1970-01-01 00:00:00Z",   "1970-1-1T00:00:00Z",
                                      "1970-01-01T00:00:00Z ",  " 1970-01-01T00:00:00Z",
                                      "1970-13-01T00:00:00Z",   "1970-00-01T00:00:00Z",
                                      "1970-01-00T00:00:00Z",   "1970-02-29T00:00:00Z",
                                      "1970-04-31T00:00:00Z",   "1970-01-01T24:00:00Z",
                                      "1970-01-01T00:60:00Z",   "1970-01-01T00:00:60Z",
                                      "-970-01-01T00:00:00Z",   "+970-01-01T00:00:00Z",
                                      "19700-01-01T00:00:00Z",  "19700101T000000Z",
                                      "1970-01-01T00:00:00ZZ"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

TEST(ParseBasic, RefusesEverythingElse) {
  for (const std::string_view text :
       {"2015-08-30T12:36:00Z", "20150830T123600", "20150830t123600Z", "20150830T123600z",
        "20150830 123600Z", "20150830T123600.0Z", "20150230T123600Z", "20151330T123600Z",
        "20150830T243600Z", "20150830T126000Z", "20150830T123660Z", "2015083OT123600Z",
        "20150830T123600Z\n", "Sun, 30 Aug 2015 12:36:00 GMT"}) {
    EXPECT_FALSE(parse_basic(text)) << text;
  }
}

}  // namespace
}  // namespace imdsd::aws
