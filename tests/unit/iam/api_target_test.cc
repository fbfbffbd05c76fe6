// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "iam/api/target.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

struct TargetCase {
  std::string_view name, call;
  std::string_view label;     // in the denial
  std::string_view resource;  // that is decided about, behind "arn:aws:iam::123456789012:"
};

constexpr TargetCase kCases[] = {
    {"User", "GetUser&UserName=dev", "user dev", "user/team/dev"},
    {"Group", "GetGroup&GroupName=all", "group all", "group/all"},
    {"Role", "GetRole&RoleName=none", "role none", "role/none"},
    {"InstanceProfile", "GetInstanceProfile&InstanceProfileName=p", "instance profile p",
     "instance-profile/p"},
    {"Policy", "GetPolicy&PolicyArn=arn:aws:iam::123456789012:policy/x",
     "policy arn:aws:iam::123456789012:policy/x", "policy/x"},
    {"Policies", "ListPolicies", "policy path /", "policy/"},
    {"PoliciesBelowAPath", "ListPolicies&PathPrefix=/a/", "policy path /a/", "policy/a/"},
    {"Users", "ListUsers", "arn:aws:iam::123456789012:user/", "user/"},
    {"NewGroup", "CreateGroup&GroupName=g", "arn:aws:iam::123456789012:group/g", "group/g"},
    {"LinkedRole", "CreateServiceLinkedRole&AWSServiceName=ecs.amazonaws.com",
     "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
     "role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"},
    {"LinkedRoleOfAnUnknownService", "CreateServiceLinkedRole&AWSServiceName=x.amazonaws.com",
     "arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/*",
     "role/aws-service-role/x.amazonaws.com/*"},
};

class Targets : public testing::TestWithParam<TargetCase> {
 protected:
  support::IamWorld iam_{{user_operations(), group_operations(), role_operations(),
                          instance_profile_operations(), managed_policy_operations()}};
};

TEST_P(Targets, AreNamedInDenialsAsAwsDoesAndDecidedByTheirArns) {
  iam_.call("Action=CreateUser&UserName=dev&Path=/team/");
  iam_.call("Action=CreateGroup&GroupName=all");
  const std::string call(GetParam().call);
  const auto denied = iam_.call("Action=" + call, iam_.user("dev"));
  const std::string action = "iam:" + call.substr(0, call.find('&'));
  EXPECT_EQ(denied.message,
            "User: arn:aws:iam::123456789012:user/team/dev is not authorized to perform: " +
                action + " on resource: " + std::string(GetParam().label) +
                " because no identity-based policy allows the " + action + " action");
  EXPECT_EQ(denied.resource, "arn:aws:iam::123456789012:" + std::string(GetParam().resource));
}

INSTANTIATE_TEST_SUITE_P(Table, Targets, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace imdsd::iam::api
