// SPDX-License-Identifier: MIT
#include "iam/managed_policies.h"

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "aws/ids.h"
#include "aws/time_format.h"
#include "base/codec.h"
#include "base/task_group.h"
#include "iam/managed_policy_lookup.h"
#include "iam/partitions.h"

namespace imdsd::iam {
namespace {

const ManagedPolicyData& policy(std::string_view path_and_name) {
  const auto* found = find_managed_policy("arn:aws:iam::aws:policy/" + std::string(path_and_name));
  if (found == nullptr) throw std::out_of_range(std::string(path_and_name));
  return *found;
}

TEST(AwsManagedPolicies, HasThoseThatPeopleAttachUnderTheirArns) {
  constexpr std::array<std::string_view, 12> kAttached{
      "AdministratorAccess",
      "PowerUserAccess",
      "ReadOnlyAccess",
      "SecurityAudit",
      "job-function/ViewOnlyAccess",
      "AmazonS3ReadOnlyAccess",
      "AmazonEC2FullAccess",
      "IAMReadOnlyAccess",
      "AmazonSSMManagedInstanceCore",
      "service-role/AmazonEC2ContainerServiceforEC2Role",
      "service-role/AWSLambdaBasicExecutionRole",
      "AmazonEKS_CNI_Policy"};
  for (const auto name : kAttached) {
    EXPECT_NE(find_managed_policy("arn:aws:iam::aws:policy/" + std::string(name)), nullptr) << name;
  }
}

TEST(AwsManagedPolicies, TellsPathNameVersionAndDates) {
  const ManagedPolicyData& view_only = policy("job-function/ViewOnlyAccess");
  EXPECT_EQ(view_only.path, "/job-function/");
  EXPECT_EQ(view_only.name, "ViewOnlyAccess");
  const ManagedPolicyData& administrator = policy("AdministratorAccess");
  EXPECT_EQ(administrator.path, "/");
  EXPECT_EQ(administrator.default_version, "v1");
  EXPECT_EQ(aws::format_iso8601(administrator.create_date), "2015-02-06T18:39:46Z");
  EXPECT_EQ(administrator.document, R"({"Version":"2012-10-17","Statement":[)"
                                    R"({"Effect":"Allow","Action":"*","Resource":"*"}]})");
}

TEST(AwsManagedPolicies, FindsNothingUnderAnotherArn) {
  for (const std::string_view arn :
       {"", "AdministratorAccess", "arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/Zzz",
        "arn:aws:iam::aws:policy/administratoraccess", "arn:aws:iam::aws:policy/ViewOnlyAccess",
        "arn:aws:iam::123456789012:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/job-function/AdministratorAccess"}) {
    EXPECT_EQ(find_managed_policy(arn), nullptr) << arn;
  }
}

TEST(AwsManagedPolicies, AreSortedByNameAndEachIsFound) {
  const auto all = managed_policies();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  for (const ManagedPolicyData& each : all) {
    EXPECT_EQ(find_managed_policy(each.arn), &each) << each.arn;
    EXPECT_EQ(each.arn,
              "arn:aws:iam::aws:policy" + std::string(each.path) + std::string(each.name));
    EXPECT_LE(each.create_date, each.update_date) << each.arn;
    EXPECT_GT(each.create_date.time_since_epoch().count(), 0) << each.arn;
  }
}

TEST(AwsManagedPolicies, HaveIdsOfTheirOwnWithoutAnAccount) {
  std::vector<std::string_view> ids;
  for (const ManagedPolicyData& each : managed_policies()) {
    EXPECT_TRUE(each.policy_id.starts_with("ANPA") && each.policy_id.size() == 21) << each.arn;
    EXPECT_EQ(aws::account_in_id(each.policy_id), std::nullopt) << each.arn;
    ids.push_back(each.policy_id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
}

TEST(AwsManagedPolicies, EveryDocumentParses) {
  for (const ManagedPolicyData& each : managed_policies()) {
    const auto parsed = parse_policy(each.document, PolicyKind::identity);
    ASSERT_TRUE(parsed) << each.arn << ": " << parsed.error().message << ": "
                        << parsed.error().detail;
    const NamedPolicy attached = managed_policy(each);
    EXPECT_EQ(attached.name, each.name);
    EXPECT_EQ(attached.arn, each.arn);
    EXPECT_EQ(attached.document->text, each.document);
    EXPECT_EQ(attached.document->statements.size(), parsed->document.statements.size());
  }
}

TEST(AwsManagedPolicies, HaveTheArnsOfThePartition) {
  const ManagedPolicyData& task = policy("root-task/IAMAuditRootUserCredentials");
  EXPECT_NE(managed_policy(task).document->text.find("\"arn:aws:iam::*:root\""), std::string::npos);
  const NamedPolicy china = managed_policy(task, "aws-cn");
  EXPECT_EQ(china.arn, "arn:aws-cn:iam::aws:policy/root-task/IAMAuditRootUserCredentials");
  EXPECT_NE(china.document->text.find("\"arn:aws-cn:iam::*:root\""), std::string::npos);
  EXPECT_EQ(china.document, managed_policy(task, "aws-cn").document) << "parsed once";
  EXPECT_EQ(find_managed_policy(Directory(), china.arn)->document, china.document);
  EXPECT_EQ(find_attachable_policy(Directory(), "123456789012", china.arn)
                ->versions.front()
                .document->text,
            china.document->text);
  for (const std::string_view partition : kPartitions) {
    for (const ManagedPolicyData& each : managed_policies()) {
      const NamedPolicy attached = managed_policy(each, partition);
      EXPECT_EQ(attached.document->statements.size(),
                managed_policy(each).document->statements.size())
          << partition << " " << each.name;
      if (partition != kDataPartition) {
        EXPECT_EQ(attached.document->text.find("arn:aws:"), std::string::npos) << attached.arn;
      }
    }
  }
}

TEST(AwsManagedPolicies, ParseEachDocumentOnceWhoeverAsks) {
  const ManagedPolicyData& largest = policy("ReadOnlyAccess");
  std::array<std::shared_ptr<const PolicyDocument>, 4> seen;
  {
    base::TaskGroup group;
    for (auto& document : seen) {
      group.spawn("asker", [&](std::stop_token) { document = managed_policy(largest).document; });
    }
    group.join();
  }
  for (const auto& document : seen) EXPECT_EQ(document, managed_policy(largest).document);
}

/// An Allow statement has the action; conditions and resources aside.
bool allows(const PolicyDocument& document, std::string_view action) {
  return std::any_of(
      document.statements.begin(), document.statements.end(), [&](const Statement& statement) {
        const bool named = std::any_of(
            statement.actions.begin(), statement.actions.end(),
            [&](const ActionPattern& a) { return a.matches_lower(base::to_lower(action)); });
        return statement.effect == Effect::allow && named != statement.not_action;
      });
}

struct Access {
  std::string_view policy, action;
  bool allowed;
};

class ManagedPolicyAccess : public testing::TestWithParam<Access> {};

TEST_P(ManagedPolicyAccess, IsAsItsNameSays) {
  const auto [name, action, allowed] = GetParam();
  EXPECT_EQ(allows(*managed_policy(policy(name)).document, action), allowed)
      << name << " " << action;
}

INSTANTIATE_TEST_SUITE_P(Table, ManagedPolicyAccess,
                         testing::Values(Access{"AdministratorAccess", "s3:PutObject", true},
                                         Access{"AmazonS3ReadOnlyAccess", "s3:GetObject", true},
                                         Access{"AmazonS3ReadOnlyAccess", "s3:PutObject", false},
                                         Access{"PowerUserAccess", "s3:PutObject", true},
                                         Access{"PowerUserAccess", "iam:CreateUser", false},
                                         Access{"IAMReadOnlyAccess", "iam:GetUser", true},
                                         Access{"IAMReadOnlyAccess", "iam:DeleteUser", false},
                                         Access{"SecurityAudit", "iam:ListUserPolicies", true}));

}  // namespace
}  // namespace imdsd::iam
