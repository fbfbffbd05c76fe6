// SPDX-License-Identifier: MIT
#include "base/totp.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

constexpr std::string_view kSeed = "12345678901234567890";

struct Case {
  std::string_view name;
  long long seconds;
  std::string_view code;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class TotpVector : public ::testing::TestWithParam<Case> {};

TEST_P(TotpVector, OfRfc6238) {
  const SystemTime time{std::chrono::seconds(GetParam().seconds)};
  EXPECT_EQ(totp_code(kSeed, totp_step(time), 8), GetParam().code);
  EXPECT_EQ(totp_code(kSeed, totp_step(time)), GetParam().code.substr(2));
}

INSTANTIATE_TEST_SUITE_P(AppendixB, TotpVector,
                         ::testing::Values(Case{"t59", 59, "94287082"},
                                           Case{"t1111111109", 1111111109, "07081804"},
                                           Case{"t1111111111", 1111111111, "14050471"},
                                           Case{"t1234567890", 1234567890, "89005924"},
                                           Case{"t2000000000", 2000000000, "69279037"},
                                           Case{"t20000000000", 20000000000, "65353130"}),
                         [](const auto& test) { return std::string(test.param.name); });

// RFC 4226 appendix D: the counter is the step.
TEST(Totp, GivesTheCodesOfRfc4226) {
  EXPECT_EQ(totp_code(kSeed, 0), "755224");
  EXPECT_EQ(totp_code(kSeed, 1), "287082");
  EXPECT_EQ(totp_code(kSeed, 9), "520489");
}

TEST(Totp, ChangesStepEveryThirtySeconds) {
  const auto at = [](long long seconds) {
    return totp_step(SystemTime{std::chrono::seconds(seconds)});
  };
  EXPECT_EQ(at(29), 0);
  EXPECT_EQ(at(30), 1);
  EXPECT_EQ(totp_step(SystemTime{std::chrono::microseconds(59'999'999)}), 1);
}

TEST(Totp, FindsTheStepOfACodeInsideTheBoundsOnly) {
  EXPECT_EQ(find_totp_step(kSeed, "287082", 0, 3), 1);
  EXPECT_EQ(find_totp_step(kSeed, "287082", 1, 1), 1);
  EXPECT_EQ(find_totp_step(kSeed, "287082", 2, 9), std::nullopt);
  EXPECT_EQ(find_totp_step(kSeed, "28708", 0, 3), std::nullopt);
}

}  // namespace
}  // namespace imdsd::base
