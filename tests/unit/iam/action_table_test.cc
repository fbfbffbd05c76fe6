// SPDX-License-Identifier: MIT
#include "iam/action_table.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "iam/pattern.h"

namespace imdsd::iam {
namespace {

std::vector<std::string_view> resource_names(const ActionInfo& action) {
  std::vector<std::string_view> out;
  for (const ResourceType* type : action.resources) out.push_back(type->name);
  return out;
}

bool has_key(const std::vector<std::string_view>& keys, std::string_view wanted) {
  return std::find(keys.begin(), keys.end(), wanted) != keys.end();
}

TEST(ActionTable, TellsLevelResourcesAndKeys) {
  const ActionInfo* action = find_action("iam:PassRole");
  ASSERT_NE(action, nullptr);
  EXPECT_EQ(action->service, "iam");
  EXPECT_EQ(action->name, "PassRole");
  EXPECT_EQ(action->access_level, AccessLevel::write);
  ASSERT_EQ(resource_names(*action), std::vector<std::string_view>{"role"});
  EXPECT_EQ(action->resources[0]->arn, "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}");
  EXPECT_TRUE(has_key(action->resources[0]->condition_keys, "aws:ResourceTag/${TagKey}"));
  EXPECT_TRUE(has_key(action->condition_keys, "iam:PassedToService"));
}

TEST(ActionTable, FindsWithoutCase) {
  ASSERT_NE(find_action("s3:GetObject"), nullptr);
  EXPECT_EQ(find_action("S3:getobject"), find_action("s3:GetObject"));
}

TEST(ActionTable, FindsNothingElse) {
  for (const std::string_view action : {"", "s3", "s3:", ":", "GetObject", "s3:GetObjects",
                                        "s3:GetObject ", "sts:GetObject", "s3:GetObject:x"}) {
    EXPECT_EQ(find_action(action), nullptr) << action;
  }
}

struct Support {
  std::string_view action;
  bool supports;
};

class ResourceLevel : public testing::TestWithParam<Support> {};

TEST_P(ResourceLevel, IsSupported) {
  EXPECT_EQ(supports_resource_level(GetParam().action), GetParam().supports) << GetParam().action;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ResourceLevel,
    testing::Values(Support{"sts:AssumeRole", true}, Support{"sts:GetCallerIdentity", false},
                    Support{"sts:DecodeAuthorizationMessage", false},
                    Support{"STS:getcalleridentity", false}, Support{"iam:GetRole", true},
                    Support{"iam:GetAccountSummary", false}, Support{"s3:GetObject", true},
                    Support{"s3:ListBucket", true}, Support{"s3:ListAllMyBuckets", false},
                    Support{"ec2:RunInstances", true}, Support{"ec2:DescribeInstances", false},
                    // Of these nothing is known, so nothing is refused.
                    Support{"dynamodb:ListTables", true}, Support{"s3:NoSuchAction", true},
                    Support{"*", true}, Support{"", true}));

TEST(ActionTable, ListsActionsOfAServiceByName) {
  for (const std::string_view service : {"ec2", "iam", "s3", "sts"}) {
    const auto actions = actions_of(service);
    ASSERT_FALSE(actions.empty()) << service;
    EXPECT_TRUE(std::is_sorted(actions.begin(), actions.end(), [](const auto& a, const auto& b) {
      return a.name < b.name;
    })) << service;
    for (const ActionInfo& action : actions) {
      EXPECT_EQ(action.service, service);
      EXPECT_EQ(find_action(std::string(service) + ":" + std::string(action.name)), &action);
      for (const ResourceType* type : action.resources) {
        EXPECT_TRUE(ArnView::of(type->arn)) << action.name << ": " << type->arn;
      }
    }
  }
  EXPECT_EQ(actions_of("S3").data(), actions_of("s3").data());
  EXPECT_TRUE(actions_of("dynamodb").empty());
}

TEST(ActionTable, KnowsThePrefixOfEveryService) {
  for (const std::string_view prefix : {"s3", "STS", "dynamodb", "execute-api", "ssmmessages"}) {
    EXPECT_TRUE(is_service_prefix(prefix)) << prefix;
  }
  EXPECT_FALSE(is_service_prefix("s4"));
  EXPECT_FALSE(is_service_prefix(""));
  const auto all = service_prefixes();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
}

}  // namespace
}  // namespace imdsd::iam
