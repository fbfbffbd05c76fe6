// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;

class LinkedRoles : public ::testing::Test {
 protected:
  support::IamWorld iam_{{role_operations(), user_operations(), inline_policy_operations(),
                          attachment_operations(), instance_profile_operations()}};
  static constexpr const char* kCreate =
      "Action=CreateServiceLinkedRole&AWSServiceName=autoscaling.amazonaws.com";
};

TEST_F(LinkedRoles, HaveTheNamePathAndTrustOfTheirService) {
  const auto role = iam_.call(kCreate);
  EXPECT_EQ(role.text("Arn"),
            "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling");
  EXPECT_EQ(base::percent_decode(role.text("AssumeRolePolicyDocument")).value_or(""),
            R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":)"
            R"("autoscaling.amazonaws.com"},"Action":"sts:AssumeRole"}]})");
  EXPECT_EQ(role.resource, role.text("Arn"));
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=AWSServiceRoleForAutoScaling").status, 200);
}

TEST_F(LinkedRoles, AreOneForEachServiceAndSuffix) {
  iam_.call(kCreate);
  const auto taken = iam_.call(kCreate);
  EXPECT_EQ(taken.code, "InvalidInput");
  EXPECT_EQ(taken.message,
            "Service role name AWSServiceRoleForAutoScaling has been taken in this account, please "
            "try a different suffix.");
  EXPECT_EQ(iam_.call(std::string(kCreate) + "&CustomSuffix=b").text("RoleName"),
            "AWSServiceRoleForAutoScaling_b");
  EXPECT_EQ(iam_.call("Action=CreateServiceLinkedRole&AWSServiceName=spot.amazonaws.com"
                      "&CustomSuffix=b")
                .message,
            "Custom suffix is not allowed for spot.amazonaws.com");
  EXPECT_EQ(iam_.call("Action=CreateServiceLinkedRole&AWSServiceName=none.amazonaws.com").code,
            "InvalidInput");
}

TEST_F(LinkedRoles, AreNobodysToChange) {
  iam_.call(kCreate);
  iam_.call("Action=CreateInstanceProfile&InstanceProfileName=p");
  const std::string name = "&RoleName=AWSServiceRoleForAutoScaling";
  const std::string arn = "arn:aws:iam::123456789012:policy/p";
  for (const std::string& action : {
           std::string("UpdateRole&MaxSessionDuration=7200"),
           "UpdateAssumeRolePolicy" + field("PolicyDocument", support::kEc2Trust),
           "PutRolePermissionsBoundary&PermissionsBoundary=" + arn,
           std::string("DeleteRolePermissionsBoundary"),
           "PutRolePolicy&PolicyName=p" + field("PolicyDocument", support::kAnyPolicy),
           std::string("DeleteRolePolicy&PolicyName=p"),
           "AttachRolePolicy&PolicyArn=" + arn,
           "DetachRolePolicy&PolicyArn=" + arn,
           std::string("AddRoleToInstanceProfile&InstanceProfileName=p"),
           std::string("RemoveRoleFromInstanceProfile&InstanceProfileName=p"),
           std::string("DeleteRole"),
       }) {
    const auto refused = iam_.call("Action=" + action + name);
    EXPECT_EQ(refused.code, "UnmodifiableEntity") << action;
    EXPECT_EQ(refused.message,
              "Cannot perform the operation on the protected role 'AWSServiceRoleForAutoScaling' - "
              "this role is only modifiable by AWS");
  }
  EXPECT_EQ(iam_.call("Action=TagRole&Tags.member.1.Key=k&Tags.member.1.Value=v" + name).status,
            200);
}

TEST_F(LinkedRoles, MayBeDescribedAnew) {
  const std::string role = "&RoleName=AWSServiceRoleForAutoScaling";
  iam_.call(kCreate);
  EXPECT_EQ(iam_.call("Action=UpdateRole&Description=a" + role).status, 200);
  EXPECT_EQ(iam_.call("Action=GetRole" + role).text("Description"), "a");
  EXPECT_EQ(iam_.call("Action=UpdateRoleDescription&Description=b" + role).status, 200);
  EXPECT_EQ(iam_.call("Action=GetRole" + role).text("Description"), "b");
}

TEST_F(LinkedRoles, AreDeletedByATask) {
  iam_.call(kCreate);
  const auto deleted =
      iam_.call("Action=DeleteServiceLinkedRole&RoleName=AWSServiceRoleForAutoScaling");
  const std::string task = deleted.text("DeletionTaskId");
  const std::string start =
      "task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling/";
  EXPECT_EQ(task.substr(0, start.size()), start);
  const auto status = iam_.call("Action=GetServiceLinkedRoleDeletionStatus&DeletionTaskId=" + task);
  EXPECT_EQ(status.text("Status"), "SUCCEEDED");
  EXPECT_EQ(status.resource,
            "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling");
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=AWSServiceRoleForAutoScaling").status, 404);
}

TEST_F(LinkedRoles, HaveNoTasksThatNobodyBegan) {
  iam_.call(kCreate);
  const std::string uuid = "/00000000-0000-4000-8000-000000000000";
  for (const std::string& task :
       {std::string("x"), std::string("task/x"), "task/aws-service-role" + uuid,
        "task/aws-service-role/" + uuid,
        "task/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling" + uuid}) {
    EXPECT_EQ(iam_.call("Action=GetServiceLinkedRoleDeletionStatus&DeletionTaskId=" + task).code,
              "NoSuchEntity")
        << task;
  }
}

TEST_F(LinkedRoles, AreNotWhatOtherRolesAre) {
  iam_.call("Action=CreateRole&RoleName=app" +
            field("AssumeRolePolicyDocument", support::kEc2Trust));
  EXPECT_EQ(iam_.call("Action=DeleteServiceLinkedRole&RoleName=app").code, "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=app").status, 200);
}

}  // namespace
}  // namespace imdsd::iam::api
