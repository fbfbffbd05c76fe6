// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

class InstanceProfiles : public ::testing::Test {
 protected:
  support::IamWorld iam_{{instance_profile_operations(), role_operations(), user_operations(),
                          inline_policy_operations()}};

  support::IamAnswer create(const std::string& name, const std::string& more = {}) {
    return iam_.call("Action=CreateInstanceProfile&InstanceProfileName=" + name + more);
  }
  support::IamAnswer create_role(const std::string& name, const std::string& more = {}) {
    return iam_.call("Action=CreateRole&RoleName=" + name +
                     field("AssumeRolePolicyDocument", support::kEc2Trust) + more);
  }
  support::IamAnswer add(const std::string& profile, const std::string& role) {
    return iam_.call(add_call(profile, role));
  }
  static std::string add_call(const std::string& profile, const std::string& role) {
    return "Action=AddRoleToInstanceProfile&InstanceProfileName=" + profile + "&RoleName=" + role;
  }
  support::IamAnswer get(const std::string& name) {
    return iam_.call("Action=GetInstanceProfile&InstanceProfileName=" + name);
  }
  /// A user who may do all of IAM but pass roles on, save those in `passable`.
  Caller user_who_may_pass(const std::string& passable) {
    iam_.call("Action=CreateUser&UserName=dev");
    iam_.call("Action=PutUserPolicy&UserName=dev&PolicyName=p" +
              field("PolicyDocument",
                    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":)"
                    R"("iam:*InstanceProfile","Resource":"*"},{"Effect":"Allow","Action":)"
                    R"("iam:PassRole","Resource":")" +
                        passable +
                        R"(","Condition":{"StringEquals":{"iam:PassedToService":)"
                        R"("ec2.amazonaws.com"}}}]})"));
    return iam_.user("dev");
  }
};

TEST_F(InstanceProfiles, ShowTheirRole) {
  const auto created = create("p", "&Path=/x/&Tags.member.1.Key=k&Tags.member.1.Value=v");
  EXPECT_EQ(created.text("Arn"), "arn:aws:iam::123456789012:instance-profile/x/p");
  EXPECT_EQ(created.text("InstanceProfileId").substr(0, 4), "AIPA");
  EXPECT_TRUE(created.has("Roles"));
  EXPECT_EQ(created.text("Key"), "k");
  create_role(
      "app",
      "&Description=d&MaxSessionDuration=7200&Tags.member.1.Key=of-role&Tags.member.1.Value=");
  EXPECT_EQ(add("p", "app").status, 200);
  const auto full = get("P");
  EXPECT_EQ(full.text("RoleName"), "app");
  EXPECT_EQ(full.text("AssumeRolePolicyDocument"), base::percent_encode(support::kEc2Trust));
  EXPECT_EQ(full.texts("Key"), Texts{"k"});
  EXPECT_FALSE(full.has("MaxSessionDuration"));
  EXPECT_FALSE(full.has("RoleLastUsed"));
  EXPECT_FALSE(full.has("Description"));
  EXPECT_FALSE(create("plain").has("Tags"));
  EXPECT_TRUE(get("plain").has("Tags"));
}

TEST_F(InstanceProfiles, AreListedByPathAndByRole) {
  create_role("app");
  for (const char* name : {"b", "A", "c"}) create(name, "&Path=/x/");
  create("other");
  add("c", "app");
  add("A", "app");
  EXPECT_EQ(iam_.call("Action=ListInstanceProfiles&PathPrefix=/x/").texts("InstanceProfileName"),
            (Texts{"A", "b", "c"}));
  const std::string of_role = "Action=ListInstanceProfilesForRole&RoleName=app";
  EXPECT_EQ(iam_.call(of_role).texts("InstanceProfileName"), (Texts{"A", "c"}));
  const auto first = iam_.call(of_role + "&MaxItems=1");
  EXPECT_EQ(first.texts("InstanceProfileName"), Texts{"A"});
  EXPECT_EQ(iam_.call(of_role + field("Marker", first.text("Marker"))).texts("InstanceProfileName"),
            Texts{"c"});
  EXPECT_EQ(iam_.call("Action=ListInstanceProfilesForRole&RoleName=none").code, "NoSuchEntity");
}

TEST_F(InstanceProfiles, AreRefusedInTheServicesWords) {
  create("p");
  const auto again = create("P");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.message, "Instance Profile P already exists.");
  const auto missing = get("none");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.message, "Instance Profile none cannot be found.");
  EXPECT_EQ(add("p", "none").message, "The role with name none cannot be found.");
  create_role("app");
  EXPECT_EQ(add("none", "app").message, "Instance Profile none cannot be found.");
  const auto without =
      iam_.call("Action=RemoveRoleFromInstanceProfile&InstanceProfileName=p&RoleName=app");
  EXPECT_EQ(without.status, 404);
  EXPECT_EQ(without.message, "Role app in Instance Profile p cannot be found.");
}

TEST_F(InstanceProfiles, HaveOneRole) {
  create("p");
  create_role("app");
  create_role("other");
  EXPECT_EQ(add("p", "app").status, 200);
  const auto more = add("p", "other");
  EXPECT_EQ(more.status, 409);
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message, "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
  const auto full = iam_.call("Action=DeleteInstanceProfile&InstanceProfileName=p");
  EXPECT_EQ(full.code, "DeleteConflict");
  EXPECT_EQ(full.message, "Cannot delete entity, must remove roles from instance profile first.");
}

TEST_F(InstanceProfiles, TakeOnlyRolesThatTheCallerMayPass) {
  create("p");
  create_role("app", "&Path=/apps/");
  create_role("admin");
  const Caller dev = user_who_may_pass("arn:aws:iam::123456789012:role/apps/*");
  const auto refused = iam_.call(add_call("p", "admin"), dev);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(
      refused.message,
      "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: iam:PassRole on "
      "resource: arn:aws:iam::123456789012:role/admin because no identity-based policy "
      "allows the iam:PassRole action");
  EXPECT_EQ(refused.resource, "arn:aws:iam::123456789012:role/admin");
  EXPECT_TRUE(get("p").texts("RoleName").empty());
  EXPECT_EQ(iam_.call(add_call("p", "app"), dev).status, 200);
}

TEST_F(InstanceProfiles, PassRolesByTheirTagsAndAccount) {
  create("p");
  create_role("app", "&Tags.member.1.Key=team&Tags.member.1.Value=core");
  create_role("admin", "&Tags.member.1.Key=team&Tags.member.1.Value=root");
  user_who_may_pass("arn:aws:iam::123456789012:role/none");
  iam_.call("Action=PutUserPolicy&UserName=dev&PolicyName=tags" +
            field("PolicyDocument",
                  R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":)"
                  R"("iam:PassRole","Resource":"*","Condition":{"StringEquals":{)"
                  R"("aws:ResourceAccount":"123456789012","aws:ResourceTag/team":"core",)"
                  R"("iam:ResourceTag/team":"core"}}}})"));
  const Caller dev = iam_.user("dev");
  EXPECT_EQ(iam_.call(add_call("p", "admin"), dev).status, 403);
  EXPECT_EQ(iam_.call(add_call("p", "app"), dev).status, 200);
}

TEST_F(InstanceProfiles, TakeEveryRoleWhereNothingIsEnforced) {
  create_role("admin");
  const Caller dev = user_who_may_pass("arn:aws:iam::123456789012:role/none");
  for (const AuthMode mode : {AuthMode::audit, AuthMode::off}) {
    const std::string name = mode == AuthMode::audit ? "audit" : "off";
    create(name);
    iam_.mode = mode;
    const auto added = iam_.call(add_call(name, "admin"), dev);
    EXPECT_EQ(added.status, 200);
    EXPECT_EQ(added.would_deny, mode == AuthMode::audit);
  }
}

TEST_F(InstanceProfiles, HaveTags) {
  create("p");
  const std::string name = "InstanceProfileName=p";
  iam_.call("Action=TagInstanceProfile&Tags.member.1.Key=a&Tags.member.1.Value=1&" + name);
  EXPECT_EQ(iam_.call("Action=ListInstanceProfileTags&" + name).text("Value"), "1");
  iam_.call("Action=UntagInstanceProfile&TagKeys.member.1=a&" + name);
  EXPECT_TRUE(iam_.call("Action=ListInstanceProfileTags&" + name).texts("Key").empty());
}

// What the Terraform AWS provider calls for aws_iam_instance_profile from apply to destroy.
TEST_F(InstanceProfiles, GoThroughWhatTerraformDoes) {
  create_role("app");
  create_role("next");
  EXPECT_EQ(create("p", "&Path=/").status, 200);
  EXPECT_EQ(get("p").status, 200);
  EXPECT_EQ(add("p", "app").status, 200);
  EXPECT_EQ(get("p").texts("RoleName"), Texts{"app"});
  const std::string remove = "Action=RemoveRoleFromInstanceProfile&InstanceProfileName=p&RoleName=";
  EXPECT_EQ(iam_.call(remove + "app").status, 200);
  EXPECT_EQ(add("p", "next").status, 200);
  EXPECT_EQ(get("p").texts("RoleName"), Texts{"next"});
  EXPECT_EQ(iam_.call(remove + "next").status, 200);
  EXPECT_EQ(iam_.call("Action=DeleteInstanceProfile&InstanceProfileName=p").status, 200);
  EXPECT_EQ(get("p").code, "NoSuchEntity");
}

}  // namespace
}  // namespace imdsd::iam::api
