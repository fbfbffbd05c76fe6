// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "tests/support/ec2_world.h"

namespace imdsd::ec2 {
namespace {

using support::Ec2World;
using support::kFirst;
using support::kSecond;

std::string associate(std::string_view profile, std::string_view instance = kFirst) {
  return "Action=AssociateIamInstanceProfile&InstanceId=" + std::string(instance) +
         "&IamInstanceProfile.Name=" + std::string(profile);
}

class Associations : public testing::Test {
 protected:
  std::string associated(std::string_view profile) {
    const auto answer = world_.call(associate(profile));
    EXPECT_EQ(answer.error(), "");
    return answer.text("associationId");
  }
  Ec2World world_;
};

TEST_F(Associations, LiveFromAssociatingToDisassociating) {
  const auto made = world_.call(associate("app-role"));
  ASSERT_EQ(made.error(), "");
  const std::string id = made.text("associationId");
  EXPECT_EQ(id.size(), std::string("iip-assoc-").size() + 17);
  EXPECT_EQ(made.text("state"), "associating");
  EXPECT_EQ(made.text("instanceId"), kFirst);
  EXPECT_EQ(made.text("arn"), "arn:aws:iam::123456789012:instance-profile/app-role");
  EXPECT_TRUE(made.text("id").starts_with("AIPA")) << made.xml;
  EXPECT_EQ(world_.settings().association, (Association{id, std::string(kFirst), "app-role"}));

  const auto replaced =
      world_.call("Action=ReplaceIamInstanceProfileAssociation&AssociationId=" + id +
                  "&IamInstanceProfile.Arn=arn:aws:iam::123456789012:"
                  "instance-profile/other-role");
  ASSERT_EQ(replaced.error(), "");
  const std::string next = replaced.text("associationId");
  EXPECT_NE(next, id);
  EXPECT_EQ(world_.settings().association->profile, "other-role");

  EXPECT_EQ(world_.call("Action=DisassociateIamInstanceProfile&AssociationId=" + id).code,
            "InvalidAssociationID.NotFound");
  const auto ended = world_.call("Action=DisassociateIamInstanceProfile&AssociationId=" + next);
  EXPECT_EQ(ended.text("state"), "disassociating");
  EXPECT_EQ(ended.text("associationId"), next);
  EXPECT_EQ(world_.settings().association, std::nullopt);
}

TEST_F(Associations, AnInstanceHasOneAtMost) {
  associated("app-role");
  const auto again = world_.call(associate("other-role"));
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.error(),
            "IncorrectState: There is an existing association for instance " + std::string(kFirst));
  EXPECT_EQ(world_.call(associate("other-role", kSecond)).error(), "");
}

struct Refusal {
  std::string_view name, form, error;
};

class AssociationRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(AssociationRefusal, IsEc2s) {
  Ec2World world;
  EXPECT_EQ(world.call(GetParam().form).error(), GetParam().error);
  EXPECT_EQ(world.instances.changes, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, AssociationRefusal,
    testing::Values(
        Refusal{"no_instance",
                "Action=AssociateIamInstanceProfile&IamInstanceProfile.Name=app-role",
                "MissingParameter: The request must contain the parameter InstanceId"},
        Refusal{"no_profile", "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01",
                "MissingParameter: The request must contain the parameter IamInstanceProfile"},
        Refusal{"unknown_profile",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
                "&IamInstanceProfile.Name=nobody",
                "InvalidParameterValue: Value (nobody) for parameter iamInstanceProfile.name is "
                "invalid. Invalid IAM Instance Profile name"},
        Refusal{"unknown_arn",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
                "&IamInstanceProfile.Arn=arn:aws:iam::123456789012:instance-profile/x/app-role",
                "InvalidParameterValue: Value (arn:aws:iam::123456789012:instance-profile/x/"
                "app-role) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance "
                "Profile ARN"},
        Refusal{"both",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
                "&IamInstanceProfile.Name=app-role&IamInstanceProfile.Arn=arn:aws:iam::1:x",
                "InvalidParameterCombination: The parameter 'iamInstanceProfile.name' may not be "
                "used in combination with 'iamInstanceProfile.arn'"},
        Refusal{"without_a_role",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
                "&IamInstanceProfile.Name=empty",
                "InvalidParameterValue: IAM Instance Profile "
                "\"arn:aws:iam::123456789012:instance-profile/empty\" has no associated IAM Roles"},
        Refusal{
            "malformed_instance",
            "Action=AssociateIamInstanceProfile&InstanceId=web&IamInstanceProfile.Name=app-role",
            "InvalidInstanceID.Malformed: Invalid id: \"web\""},
        Refusal{"unknown_instance",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000"
                "&IamInstanceProfile.Name=app-role",
                "InvalidInstanceID.NotFound: The instance ID 'i-00000000' does not exist"},
        Refusal{"unknown_parameter",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000&Role=app-role",
                "UnknownParameter: The parameter Role is not recognized"},
        Refusal{"unknown_association", "Action=DisassociateIamInstanceProfile&AssociationId=x",
                "InvalidAssociationID.NotFound: An invalid association-id of 'x' was given"},
        Refusal{"dry_run",
                "Action=AssociateIamInstanceProfile&InstanceId=i-00000000000000a01"
                "&IamInstanceProfile.Name=app-role&DryRun=true",
                "DryRunOperation: Request would have succeeded, but DryRun flag is set."}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(Associations, AreListedByFilters) {
  const std::string first = associated("app-role");
  const std::string second = world_.call(associate("other-role", kSecond)).text("associationId");
  const std::string all = "Action=DescribeIamInstanceProfileAssociations";
  EXPECT_EQ(world_.call(all).texts("associationId"), (std::vector{first, second}));
  EXPECT_EQ(world_.call(all).text("state"), "associated");
  EXPECT_EQ(world_.call(all + "&AssociationId.1=" + second).texts("associationId"),
            std::vector{second});
  EXPECT_EQ(
      world_.call(all + "&Filter.1.Name=instance-id&Filter.1.Value.1=*a01").texts("associationId"),
      std::vector{first});
  EXPECT_TRUE(world_.call(all + "&Filter.1.Name=state&Filter.1.Value.1=associating")
                  .texts("associationId")
                  .empty());
  EXPECT_EQ(world_.call(all + "&AssociationId.1=x").code, "InvalidAssociationID.NotFound");
}

TEST_F(Associations, AChangeThatIsNotKeptIsAnError) {
  world_.instances.fail_next = true;
  const auto answer = world_.call(associate("app-role"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.error(), "InternalError: The change could not be kept: the disk is full");
}

TEST_F(Associations, NeedPassRole) {
  world_.statement = R"("Effect":"Allow","Action":"ec2:*","Resource":"*")";
  const auto refused = world_.call(associate("app-role"));
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.error(),
            "UnauthorizedOperation: You are not authorized to perform this operation. User: "
            "arn:aws:iam::123456789012:user/dev is not authorized to perform: iam:PassRole on "
            "resource: arn:aws:iam::123456789012:role/app-role because no identity-based policy "
            "allows the iam:PassRole action. Encoded authorization failure message: sealed-1");
  ASSERT_EQ(world_.sealed.size(), 1U);
  EXPECT_NE(world_.sealed[0].find("iam:PassedToService"), std::string::npos) << world_.sealed[0];
  EXPECT_EQ(refused.resource, "arn:aws:iam::123456789012:role/app-role");
  EXPECT_EQ(world_.settings().association, std::nullopt);
}

/// What a statement about iam:PassRole can be bound to, and whether that lets the role pass.
struct PassRole {
  std::string_view name, key, value;
  bool passes;
};

class PassRoleCondition : public testing::TestWithParam<PassRole> {};

TEST_P(PassRoleCondition, IsObeyed) {
  Ec2World world;
  world.role_tags = {{"team", "web"}};
  world.statement =
      R"("Effect":"Allow","Action":"ec2:*","Resource":"*"},{"Effect":"Allow",)"
      R"("Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/app-role",)"
      R"("Condition":{"StringEquals":{")" +
      std::string(GetParam().key) + R"(":")" + std::string(GetParam().value) + R"("}})";
  EXPECT_EQ(world.call(associate("app-role")).code,
            GetParam().passes ? "" : "UnauthorizedOperation");
}

INSTANTIATE_TEST_SUITE_P(
    Each, PassRoleCondition,
    testing::Values(PassRole{"to_ec2", "iam:PassedToService", "ec2.amazonaws.com", true},
                    PassRole{"to_another", "iam:PassedToService", "ecs.amazonaws.com", false},
                    PassRole{"for_the_instance", "iam:AssociatedResourceArn",
                             "arn:aws:ec2:us-east-1:123456789012:instance/i-00000000000000a01",
                             true},
                    PassRole{"for_another", "iam:AssociatedResourceArn",
                             "arn:aws:ec2:us-east-1:123456789012:instance/i-00000000000000a02",
                             false},
                    PassRole{"tag_of_the_role", "aws:ResourceTag/team", "web", true}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(Associations, NeedTheActionOnTheInstance) {
  world_.instances.instances[std::string(kFirst)].settings.tags = {{"stage", "prod"}};
  world_.statement = R"("Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny",)"
                     R"("Action":"ec2:AssociateIamInstanceProfile","Resource":"*",)"
                     R"("Condition":{"StringEquals":{"ec2:ResourceTag/stage":"prod"}})";
  const auto refused = world_.call(associate("app-role"));
  EXPECT_EQ(refused.code, "UnauthorizedOperation");
  EXPECT_EQ(refused.resource, "arn:aws:ec2:us-east-1:123456789012:instance/" + std::string(kFirst));
  EXPECT_EQ(world_.call(associate("app-role", kSecond)).error(), "");
}

TEST_F(Associations, AreRefusedBeforeAnythingIsLearnt) {
  world_.statement = R"("Effect":"Allow","Action":"s3:*","Resource":"*")";
  EXPECT_EQ(world_.call(associate("nobody", "i-00000000")).code, "UnauthorizedOperation");
}

TEST_F(Associations, PassInAuditModeAndAreNoted) {
  world_.statement = R"("Effect":"Allow","Action":"ec2:*","Resource":"*")";
  world_.mode = iam::AuthMode::audit;
  const auto answer = world_.call(associate("app-role"));
  EXPECT_EQ(answer.error(), "");
  EXPECT_TRUE(answer.would_deny);
  EXPECT_EQ(answer.resource, "arn:aws:iam::123456789012:role/app-role");
}

}  // namespace
}  // namespace imdsd::ec2
