// SPDX-License-Identifier: MIT
#include "base/http_date.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Case {
  std::string_view name;
  std::chrono::microseconds since_epoch;
  std::string_view text;
};

class HttpDateText : public testing::TestWithParam<Case> {};

TEST_P(HttpDateText, IsImfFixdateRoundedDown) {
  EXPECT_EQ(format_http_date(SystemTime(GetParam().since_epoch)), GetParam().text);
  EXPECT_EQ(HttpDate(SystemTime(GetParam().since_epoch)).text(), GetParam().text);
}

using std::chrono::microseconds;
using std::chrono::seconds;

INSTANTIATE_TEST_SUITE_P(
    Times, HttpDateText,
    testing::Values(Case{"Epoch", seconds(0), "Thu, 01 Jan 1970 00:00:00 GMT"},
                    Case{"Rfc9110", seconds(784111777), "Sun, 06 Nov 1994 08:49:37 GMT"},
                    Case{"LeapDay", seconds(1709251199), "Thu, 29 Feb 2024 23:59:59 GMT"},
                    Case{"BeforeEpoch", seconds(-1), "Wed, 31 Dec 1969 23:59:59 GMT"},
                    Case{"After2038", seconds(4102444801), "Fri, 01 Jan 2100 00:00:01 GMT"},
                    Case{"Fraction", seconds(59) + microseconds(999'999),
                         "Thu, 01 Jan 1970 00:00:59 GMT"},
                    Case{"FractionBeforeEpoch", microseconds(-1), "Wed, 31 Dec 1969 23:59:59 GMT"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ParseHttpDate, ReadsWhatIsWritten) {
  using namespace std::chrono;
  const SystemTime time{sys_days{year{1994} / 11 / 6} + hours(8) + minutes(49) + seconds(37)};
  const auto read = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, time);
}

TEST(ParseHttpDate, RefusesOtherForms) {
  for (const std::string_view text :
       {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:60 GMT",
        "Thu, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 0x Nov 1994 08:49:37 GMT", "Sun  06-Nov-1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace imdsd::base
