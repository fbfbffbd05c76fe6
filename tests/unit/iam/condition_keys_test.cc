// SPDX-License-Identifier: MIT
#include "iam/condition_keys.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

TEST(ConditionKeys, FindsNamesWithoutCase) {
  ConditionKeys keys;
  keys.set("aws:SourceIp", std::string("203.0.113.9"));
  ASSERT_NE(keys.find("AWS:sourceip"), nullptr);
  EXPECT_EQ(*keys.find("AWS:sourceip"), std::vector<std::string>{"203.0.113.9"});
}

TEST(ConditionKeys, AbsentKeyIsAbsent) {
  ConditionKeys keys;
  EXPECT_EQ(keys.find("aws:username"), nullptr);
  keys.set("aws:username", std::string());
  ASSERT_NE(keys.find("aws:username"), nullptr);
  EXPECT_EQ(keys.find("aws:username")->front(), "");
}

TEST(ConditionKeys, SettingAgainReplaces) {
  ConditionKeys keys;
  keys.set("aws:TagKeys", std::vector<std::string>{"a", "b"});
  keys.set("aws:tagkeys", std::string("c"));
  EXPECT_EQ(*keys.find("aws:TagKeys"), std::vector<std::string>{"c"});
  EXPECT_EQ(keys.all().size(), 1U);
}

TEST(ConditionKeys, ListsInOrderAndAsGiven) {
  ConditionKeys keys;
  keys.set("sts:ExternalId", std::string("x"));
  keys.set("aws:UserAgent", std::string("y"));
  ASSERT_EQ(keys.all().size(), 2U);
  EXPECT_EQ(keys.all()[0].first, "sts:ExternalId");
  EXPECT_EQ(keys.all()[1].first, "aws:UserAgent");
}

}  // namespace
}  // namespace imdsd::iam
