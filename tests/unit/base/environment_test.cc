// SPDX-License-Identifier: MIT
#include "base/environment.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(Environment, IsMadeOfNameValuePairs) {
  const char* const variables[] = {"A=1", "B=", "C=x=y", "=odd", "NO_EQUALS", nullptr};
  EXPECT_EQ(make_environment(variables), (Environment{{"A", "1"}, {"B", ""}, {"C", "x=y"}}));
  EXPECT_EQ(make_environment(nullptr), Environment());
}

TEST(Environment, EmptyAndUnsetAreTheSame) {
  const Environment environment = {{"A", "1"}, {"B", ""}};
  EXPECT_EQ(find_variable(environment, "A"), "1");
  EXPECT_EQ(find_variable(environment, "B"), std::nullopt);
  EXPECT_EQ(find_variable(environment, "C"), std::nullopt);
}

}  // namespace
}  // namespace imdsd::base
