// SPDX-License-Identifier: MIT
#include "iam/password_rules.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

struct Case {
  std::string_view name, password, fault;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class DefaultRules : public ::testing::TestWithParam<Case> {};

TEST_P(DefaultRules, Hold) {
  EXPECT_EQ(password_fault(GetParam().password, std::nullopt).value_or(""), GetParam().fault);
}

INSTANTIATE_TEST_SUITE_P(
    All, DefaultRules,
    ::testing::Values(
        Case{"UpperLowerNumber", "Abcdefg1", ""}, Case{"LowerNumberSymbol", "abcdef1!", ""},
        Case{"Short", "Abc1!", "Password should have a minimum length of 8"},
        Case{"LowerNumber", "abcdefg1",
             "Password should meet 1 more of the following requirements: Password should have at "
             "least one uppercase letter, Password should have at least one symbol"},
        Case{"Lower", "abcdefgh",
             "Password should meet 2 more of the following requirements: Password should have at "
             "least one uppercase letter, Password should have at least one number, Password "
             "should have at least one symbol"},
        Case{"CharactersNotBytes", "Ab1\xC3\xA4\xC3\xA4\xC3\xA4",
             "Password should have a minimum length of 8"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PasswordRules, OfAPolicyAreItsOwn) {
  PasswordPolicy policy;
  EXPECT_EQ(password_fault("abcdef", policy), std::nullopt);
  EXPECT_EQ(password_fault("abcde", policy), "Password should have a minimum length of 6");
  policy.minimum_length = 3;
  policy.require_symbols = policy.require_numbers = true;
  EXPECT_EQ(password_fault("abc", policy),
            "Password should have at least one number, Password should have at least one symbol");
  EXPECT_EQ(password_fault("a1|", policy), std::nullopt);
  policy.require_uppercase = policy.require_lowercase = true;
  EXPECT_EQ(password_fault("a1|", policy), "Password should have at least one uppercase letter");
  EXPECT_EQ(password_fault("A1|", policy), "Password should have at least one lowercase letter");
}

}  // namespace
}  // namespace imdsd::iam
