// SPDX-License-Identifier: MIT
#include "sts/parameter_rules.h"

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::sts {
using aws::ParameterCheck;
using aws::parse_integer;
using aws::TextRule;
namespace {

std::string check(const TextRule& rule, std::optional<std::string_view> value) {
  ParameterCheck check;
  check.text(rule, value);
  const auto error = check.error();
  if (!error) return "ok";
  EXPECT_EQ(error->status, 400);
  EXPECT_EQ(error->code, "ValidationError");
  return *error->message;
}

const std::string kArnPattern =
    R"([\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)";
const std::string kFailed = " failed to satisfy constraint: Member must ";

struct Case {
  std::string name;
  const TextRule& rule;
  std::optional<std::string> value;
  std::string expected;
};

class TextRules : public testing::TestWithParam<Case> {};

TEST_P(TextRules, AreCheckedInStsWords) {
  EXPECT_EQ(check(GetParam().rule, GetParam().value), GetParam().expected);
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  while (times-- > 0) text += piece;
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Values, TextRules,
    testing::Values(
        Case{"arn_missing", kRoleArnRule, std::nullopt,
             "1 validation error detected: Value null at 'roleArn'" + kFailed + "not be null"},
        Case{"arn_empty", kRoleArnRule, "",
             "2 validation errors detected: Value '' at 'roleArn'" + kFailed +
                 "satisfy regular expression pattern: " + kArnPattern + "; Value '' at 'roleArn'" +
                 kFailed + "have length greater than or equal to 20"},
        Case{"arn_short", kRoleArnRule, "not-an-arn",
             "1 validation error detected: Value 'not-an-arn' at 'roleArn'" + kFailed +
                 "have length greater than or equal to 20"},
        Case{"arn_shortest", kRoleArnRule, std::string(20, 'x'), "ok"},
        Case{"arn_longest", kRoleArnRule, std::string(2048, 'x'), "ok"},
        Case{"arn_longest_in_characters", kRoleArnRule, repeat("\xC3\xA9", 2048), "ok"},
        Case{"arn_basic_plane", kRoleArnRule, repeat("\xE2\x82\xAC", 20), "ok"},
        Case{"arn_next_line", kRoleArnRule, repeat("\xC2\x85", 20), "ok"},
        Case{"arn_other_control", kRoleArnRule, repeat("\xC2\x84", 20),
             "1 validation error detected: Value '" + repeat("\xC2\x84", 20) + "' at 'roleArn'" +
                 kFailed + "satisfy regular expression pattern: " + kArnPattern},
        Case{"arn_supplementary_plane", kRoleArnRule, repeat("\xF0\x9F\x98\x80", 20),
             "1 validation error detected: Value '" + repeat("\xF0\x9F\x98\x80", 20) +
                 "' at 'roleArn'" + kFailed + "satisfy regular expression pattern: " + kArnPattern},
        Case{"arn_noncharacter", kRoleArnRule, repeat("\xEF\xBF\xBE", 20),
             "1 validation error detected: Value '" + repeat("\xEF\xBF\xBE", 20) +
                 "' at 'roleArn'" + kFailed + "satisfy regular expression pattern: " + kArnPattern},
        Case{"name_missing", kRoleSessionNameRule, std::nullopt,
             "1 validation error detected: Value null at 'roleSessionName'" + kFailed +
                 "not be null"},
        Case{"name_empty", kRoleSessionNameRule, "",
             "1 validation error detected: Value '' at 'roleSessionName'" + kFailed +
                 "have length greater than or equal to 2"},
        Case{"name_short", kRoleSessionNameRule, "a",
             "1 validation error detected: Value 'a' at 'roleSessionName'" + kFailed +
                 "have length greater than or equal to 2"},
        Case{"name_shortest", kRoleSessionNameRule, "ab", "ok"},
        Case{"name_all_characters", kRoleSessionNameRule, "aZ09_+=,.@-", "ok"},
        Case{"name_longest", kRoleSessionNameRule, std::string(64, 'a'), "ok"},
        Case{"name_long", kRoleSessionNameRule, std::string(65, 'a'),
             "1 validation error detected: Value '" + std::string(65, 'a') +
                 "' at 'roleSessionName'" + kFailed + "have length less than or equal to 64"},
        Case{"name_slash", kRoleSessionNameRule, "bad/name",
             "1 validation error detected: Value 'bad/name' at 'roleSessionName'" + kFailed +
                 R"(satisfy regular expression pattern: [\w+=,.@-]*)"},
        Case{"name_not_ascii", kRoleSessionNameRule, "n\xC3\xA9",
             "1 validation error detected: Value 'n\xC3\xA9' at 'roleSessionName'" + kFailed +
                 R"(satisfy regular expression pattern: [\w+=,.@-]*)"},
        Case{"external_missing", kExternalIdRule, std::nullopt, "ok"},
        Case{"external_all_characters", kExternalIdRule, "aZ09_+=,.@:/-", "ok"},
        Case{"external_longest", kExternalIdRule, std::string(1224, '7'), "ok"},
        Case{"external_long", kExternalIdRule, std::string(1225, '7'),
             "1 validation error detected: Value '" + std::string(1225, '7') + "' at 'externalId'" +
                 kFailed + "have length less than or equal to 1224"},
        Case{"external_space", kExternalIdRule, "a b",
             "1 validation error detected: Value 'a b' at 'externalId'" + kFailed +
                 R"(satisfy regular expression pattern: [\w+=,.@:\/-]*)"}),
    [](const auto& tested) { return tested.param.name; });

TEST(TextRulesOfProofs, PrintNoValue) {
  for (const TextRule* rule : {&kSamlAssertionRule, &kTradeInTokenRule, &kWebIdentityTokenRule}) {
    const std::string text = "a-proof" + std::string(rule->max_length, 'x');
    const std::string message = check(*rule, text);
    EXPECT_NE(message.find(rule->member), std::string::npos) << message.substr(0, 200);
    EXPECT_EQ(message.find("a-proof"), std::string::npos) << rule->member;
  }
}

TEST(ParameterCheck, NamesEverythingThatIsWrong) {
  ParameterCheck check;
  check.text(kRoleArnRule, std::nullopt);
  check.range("durationSeconds", 899, 900, 43200);
  check.text(kRoleSessionNameRule, "ok-name");
  check.range("durationSeconds", 43201, 900, 43200);
  EXPECT_EQ(check.error()->message,
            "3 validation errors detected: Value null at 'roleArn'" + kFailed +
                "not be null; Value '899' at 'durationSeconds'" + kFailed +
                "have value greater than or equal to 900; Value '43201' at 'durationSeconds'" +
                kFailed + "have value less than or equal to 43200");
}

TEST(ParameterCheck, RangesIncludeTheirEnds) {
  ParameterCheck check;
  check.range("durationSeconds", 900, 900, 43200);
  check.range("durationSeconds", 43200, 900, 43200);
  EXPECT_FALSE(check.error());
}

struct IntegerCase {
  std::string_view name, text;
  std::optional<std::int32_t> value;
};

class ParseInteger : public testing::TestWithParam<IntegerCase> {};

TEST_P(ParseInteger, ReadsSigned32BitDecimals) {
  const auto parsed = parse_integer(GetParam().text);
  if (GetParam().value) {
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, *GetParam().value);
  } else {
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error(), (aws::ServiceError{400, "MalformedInput", std::nullopt}));
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, ParseInteger,
                         testing::Values(IntegerCase{"plain", "900", 900},
                                         IntegerCase{"plus", "+900", 900},
                                         IntegerCase{"leading_zero", "0900", 900},
                                         IntegerCase{"minus", "-1", -1},
                                         IntegerCase{"largest", "2147483647", 2147483647},
                                         IntegerCase{"smallest", "-2147483648", -2147483647 - 1},
                                         IntegerCase{"too_large", "2147483648", std::nullopt},
                                         IntegerCase{"too_small", "-2147483649", std::nullopt},
                                         IntegerCase{"letters", "abc", std::nullopt},
                                         IntegerCase{"decimal", "900.0", std::nullopt},
                                         IntegerCase{"space_before", " 900", std::nullopt},
                                         IntegerCase{"space_behind", "900 ", std::nullopt},
                                         IntegerCase{"two_signs", "+-900", std::nullopt},
                                         IntegerCase{"two_pluses", "++900", std::nullopt},
                                         IntegerCase{"sign_alone", "+", std::nullopt},
                                         IntegerCase{"hex", "0x384", std::nullopt}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(ParseIntegerOfNothing, HasAMessage) {
  EXPECT_EQ(parse_integer("").error(),
            (aws::ServiceError{400, "MalformedInput", "missing value for decimal type"}));
}

}  // namespace
}  // namespace imdsd::sts
