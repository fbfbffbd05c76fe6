// SPDX-License-Identifier: MIT
#include "aws/query_string.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::aws {
namespace {

std::vector<std::pair<std::string, std::string>> all_of(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> found;
  while (const auto parameter = next_parameter(query)) {
    found.emplace_back(parameter->name, parameter->value);
  }
  return found;
}

TEST(NextParameter, TakesPairByPairStillEncoded) {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(all_of(""), Pairs());
  EXPECT_EQ(all_of("a=1&b=%20&c"), (Pairs{{"a", "1"}, {"b", "%20"}, {"c", ""}}));
  EXPECT_EQ(all_of("a=1=2&=x&="), (Pairs{{"a", "1=2"}, {"", "x"}, {"", ""}}));
  EXPECT_EQ(all_of("&&a&&b&"), (Pairs{{"a", ""}, {"b", ""}}));
}

TEST(QueryValue, IsTheFirstOfThatNameDecoded) {
  EXPECT_EQ(query_value("a=1&b=x%2Fy+z&b=2", "b"), "x/y z");
  EXPECT_EQ(query_value("a=1", "b"), std::nullopt);
  EXPECT_EQ(query_value("b", "b"), "");
  EXPECT_EQ(query_value("X%2DAmz-Date=1", "X-Amz-Date"), "1");
  EXPECT_EQ(query_value("x-amz-date=1", "X-Amz-Date"), std::nullopt);
  EXPECT_EQ(query_value("b=%zz&b=2", "b"), "2");
  EXPECT_EQ(query_value("%zz=1&b=2", "b"), "2");
}

TEST(CheckEscapes, WantsTwoHexDigitsBehindEachPercent) {
  for (const std::string_view good : {"", "abc", "%00", "%aF%Fa", "a%20b%2f", "+"}) {
    EXPECT_TRUE(check_escapes(good)) << good;
  }
  for (const std::string_view cut : {"%", "a%", "%4", "%20%2"}) {
    const auto result = check_escapes(cut);
    ASSERT_FALSE(result) << cut;
    EXPECT_EQ(result.error().message, "Incomplete trailing escape % sequence");
  }
  const auto result = check_escapes("a%zzb");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "Illegal hex character in escape % pattern: %zz");
  EXPECT_FALSE(check_escapes("%%20"));
  EXPECT_FALSE(check_escapes("%2g"));
}

}  // namespace
}  // namespace imdsd::aws
