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

TEST(ConditionKeys, FindsEachOfMany) {
  constexpr int kMany = 1000;
  const auto name = [](int i) { return "aws:RequestTag/key-" + std::to_string(i); };
  ConditionKeys keys;
  for (int i = 0; i < kMany; ++i) {
    keys.set(name(i), std::to_string(i));
    EXPECT_EQ(keys.find(name(i + 1)), nullptr);
  }
  for (int i = 0; i < kMany; ++i) {
    ASSERT_NE(keys.find(name(i)), nullptr) << name(i);
    EXPECT_EQ(*keys.find(name(i)), std::vector<std::string>{std::to_string(i)});
  }
}

}  // namespace
}  // namespace imdsd::iam
