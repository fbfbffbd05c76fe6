// SPDX-License-Identifier: MIT
#include "s3/conditions.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;
using namespace std::chrono_literals;

base::HttpHeaders headers(const Lines& lines) {
  base::HttpHeaders out;
  for (const auto& [name, value] : lines) out.add(name, value);
  return out;
}

constexpr std::string_view kEtag = "5d41402abc4b2a76b9719d911017c592";
const std::string kQuoted = "\"" + std::string(kEtag) + "\"";
// Half a second behind the second that Last-Modified shows.
const base::SystemTime kModified{std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h +
                                 49min + 37s + 500ms};
const std::string kBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
const std::string kSame = "Sun, 06 Nov 1994 08:49:37 GMT";

struct Case {
  std::string_view name;
  Lines lines;
  Verdict verdict;
  std::string_view condition = "";
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class CheckConditions : public testing::TestWithParam<Case> {};

TEST_P(CheckConditions, InTheOrderOfTheRfc) {
  const auto result =
      check_conditions(parse_conditions(headers(GetParam().lines)), kEtag, kModified);
  EXPECT_EQ(result.verdict, GetParam().verdict);
  EXPECT_EQ(result.condition, GetParam().condition);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CheckConditions,
    testing::Values(
        Case{"none", {}, Verdict::proceed},
        Case{"match", {{"If-Match", kQuoted}}, Verdict::proceed},
        Case{"match_without_quotes", {{"If-Match", std::string(kEtag)}}, Verdict::proceed},
        Case{"match_in_list", {{"If-Match", "\"a\", W/" + kQuoted}}, Verdict::proceed},
        Case{"match_any", {{"If-Match", "*"}}, Verdict::proceed},
        Case{"match_other", {{"If-Match", "\"a\""}}, Verdict::failed, "If-Match"},
        Case{"none_match", {{"If-None-Match", kQuoted}}, Verdict::not_modified, "If-None-Match"},
        Case{"none_match_other", {{"If-None-Match", "\"a\""}}, Verdict::proceed},
        Case{"modified_since", {{"If-Modified-Since", kBefore}}, Verdict::proceed},
        Case{"not_modified_since",
             {{"If-Modified-Since", kSame}},
             Verdict::not_modified,
             "If-Modified-Since"},
        Case{"unmodified_since", {{"If-Unmodified-Since", kSame}}, Verdict::proceed},
        Case{"not_unmodified_since",
             {{"If-Unmodified-Since", kBefore}},
             Verdict::failed,
             "If-Unmodified-Since"},
        Case{"match_counts_before_its_date",
             {{"If-Match", kQuoted}, {"If-Unmodified-Since", kBefore}},
             Verdict::proceed},
        Case{"none_match_counts_before_its_date",
             {{"If-None-Match", "\"a\""}, {"If-Modified-Since", kSame}},
             Verdict::proceed},
        Case{"failed_counts_before_not_modified",
             {{"If-Match", "\"a\""}, {"If-None-Match", kQuoted}},
             Verdict::failed,
             "If-Match"},
        Case{"both_match",
             {{"If-Match", kQuoted}, {"If-None-Match", kQuoted}},
             Verdict::not_modified,
             "If-None-Match"},
        Case{"no_date", {{"If-Modified-Since", "yesterday"}}, Verdict::proceed}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CheckCopySource, FailsWhereAGetWouldBeAnsweredNotModified) {
  const auto check = [](std::string name, const std::string& value) {
    return check_copy_source(
        parse_copy_source_conditions(headers({{"x-amz-copy-source-" + std::move(name), value}})),
        kEtag, kModified);
  };
  EXPECT_TRUE(check("if-match", kQuoted));
  EXPECT_TRUE(check("if-modified-since", kBefore));
  const auto refused = check("if-none-match", kQuoted);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 412);
  EXPECT_EQ(refused.error().code, "PreconditionFailed");
  EXPECT_EQ(refused.error().details, (Lines{{"Condition", "x-amz-copy-source-If-None-Match"}}));
  EXPECT_TRUE(check_copy_source(parse_copy_source_conditions(headers({{"If-Match", "\"a\""}})),
                                kEtag, kModified))
      << "those of the destination are others";
}

TEST(ParseWriteCondition, TakesWhatTheServiceTakes) {
  EXPECT_EQ(parse_write_condition(headers({}))->if_match, std::nullopt);
  EXPECT_FALSE(parse_write_condition(headers({}))->if_none_match);
  EXPECT_TRUE(parse_write_condition(headers({{"If-None-Match", "*"}}))->if_none_match);
  EXPECT_EQ(parse_write_condition(headers({{"If-Match", kQuoted}}))->if_match, kEtag);
  EXPECT_EQ(parse_write_condition(headers({{"If-Match", "*"}}))->if_match, "*");
}

TEST(ParseWriteCondition, RefusesOthersAsNotImplemented) {
  for (const Lines& lines :
       {Lines{{"If-None-Match", kQuoted}}, Lines{{"If-Match", "\"a\", \"b\""}},
        Lines{{"If-Match", ""}}, Lines{{"If-Match", kQuoted}, {"If-None-Match", "*"}}}) {
    const auto condition = parse_write_condition(headers(lines));
    ASSERT_FALSE(condition) << lines.front().second;
    EXPECT_EQ(condition.error().status, 501);
    EXPECT_EQ(condition.error().code, "NotImplemented");
    EXPECT_EQ(condition.error().details.back().first, "additionalMessage");
  }
}

}  // namespace
}  // namespace imdsd::s3
