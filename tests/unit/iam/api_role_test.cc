// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

std::string trust_of(const std::string& arn) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" + arn +
         R"("},"Action":"sts:AssumeRole"}]})";
}

class Roles : public ::testing::Test {
 protected:
  support::IamWorld iam_{{role_operations(), user_operations(), inline_policy_operations(),
                          attachment_operations(), managed_policy_operations(),
                          instance_profile_operations()}};

  support::IamAnswer create(const std::string& name, const std::string& more = {},
                            std::string_view trust = support::kEc2Trust) {
    return iam_.call("Action=CreateRole&RoleName=" + name +
                     field("AssumeRolePolicyDocument", trust) + more);
  }
  std::string trust_text(const std::string& name) {
    const auto role = iam_.call("Action=GetRole&RoleName=" + name);
    return base::percent_decode(role.text("AssumeRolePolicyDocument")).value();
  }
  support::IamAnswer set_trust(const std::string& name, const std::string& document) {
    return iam_.call("Action=UpdateAssumeRolePolicy&RoleName=" + name +
                     field("PolicyDocument", document));
  }
};

TEST_F(Roles, ShowInEachAnswerWhatAwsShowsThere) {
  const auto created =
      create("app",
             "&Path=/team/&Description=d&MaxSessionDuration=7200&Tags.member.1.Key=k"
             "&Tags.member.1.Value=v");
  EXPECT_EQ(created.text("Arn"), "arn:aws:iam::123456789012:role/team/app");
  EXPECT_EQ(created.text("RoleId").substr(0, 4), "AROA");
  EXPECT_FALSE(created.has("Description"));
  EXPECT_EQ(created.text("Key"), "k");
  EXPECT_EQ(created.text("AssumeRolePolicyDocument"), base::percent_encode(support::kEc2Trust));
  EXPECT_FALSE(created.has("MaxSessionDuration"));
  EXPECT_FALSE(created.has("RoleLastUsed"));

  const auto full = iam_.call("Action=GetRole&RoleName=APP");
  EXPECT_EQ(full.text("MaxSessionDuration"), "7200");
  EXPECT_EQ(full.text("Description"), "d");
  EXPECT_EQ(full.text("Key"), "k");
  EXPECT_TRUE(full.has("RoleLastUsed"));
  EXPECT_FALSE(full.has("LastUsedDate"));

  const auto listed = iam_.call("Action=ListRoles&PathPrefix=/team/");
  EXPECT_EQ(listed.texts("RoleName"), Texts{"app"});
  EXPECT_EQ(listed.text("MaxSessionDuration"), "7200");
  EXPECT_FALSE(listed.has("Tags"));
  EXPECT_FALSE(listed.has("RoleLastUsed"));
}

TEST_F(Roles, TellWhenTheyWereLastUsed) {
  const std::string id = create("app").text("RoleId");
  iam_.usage.note({id, iam_.clock.now(), "sts", "eu-west-1"});
  const auto role = iam_.call("Action=GetRole&RoleName=app");
  EXPECT_EQ(role.text("LastUsedDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(role.text("Region"), "eu-west-1");
}

TEST_F(Roles, AreRefusedInTheServicesWords) {
  create("app");
  const auto again = create("APP");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code, "EntityAlreadyExists");
  EXPECT_EQ(again.message, "Role with name APP already exists.");
  EXPECT_EQ(create("b", "&MaxSessionDuration=3599").message,
            "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy "
            "constraint: Member must have value greater than or equal to 3600");
  EXPECT_EQ(create("b", "&MaxSessionDuration=x").code, "MalformedInput");
  const auto missing = iam_.call("Action=GetRole&RoleName=none");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.message, "The role with name none cannot be found.");
}

TEST_F(Roles, AreAtMostAThousandInAnAccount) {
  for (int i = 0; i < 1000; ++i) create("r" + std::to_string(i));
  const auto more = create("one-more");
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message, "Cannot exceed quota for RolesPerAccount: 1000");
}

TEST_F(Roles, NeedAWellFormedTrustPolicy) {
  const auto broken = create("app", "", "{");
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(broken.code, "MalformedPolicyDocument");
  EXPECT_EQ(broken.message, "This policy contains invalid Json");
  create("app");
  EXPECT_EQ(set_trust("app", "{").message, "This policy contains invalid Json");
  EXPECT_EQ(set_trust("none", "{").code, "NoSuchEntity");
}

TEST_F(Roles, HaveTrustPoliciesOfLimitedSizeWithoutCountingSpace) {
  const std::string spaces(3000, ' ');
  EXPECT_EQ(create("spaces", "", std::string(support::kEc2Trust) + spaces).status, 200);
  std::string many;
  for (int i = 0; i < 80; ++i)
    many += R"("svc)" + std::to_string(i) + R"(.long-name.amazonaws.com",)";
  many.pop_back();
  const std::string large =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":[)" + many +
      R"(]},"Action":"sts:AssumeRole"}]})";
  EXPECT_EQ(create("large", "", large).message, "Cannot exceed quota for ACLSizePerRole: 2048");
  EXPECT_EQ(set_trust("spaces", large).code, "LimitExceeded");
}

TEST_F(Roles, TrustOnlyWhoIsThere) {
  const std::string arn = "arn:aws:iam::123456789012:user/dev";
  const auto refused = create("app", "", trust_of(arn));
  EXPECT_EQ(refused.code, "MalformedPolicyDocument");
  EXPECT_EQ(refused.message,
            R"(Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/dev")");
  iam_.call("Action=CreateUser&UserName=dev");
  EXPECT_EQ(create("app", "", trust_of(arn)).text("AssumeRolePolicyDocument"),
            base::percent_encode(trust_of(arn)));
}

TEST_F(Roles, TrustThemselvesOnlyOnceTheyExist) {
  const std::string arn = "arn:aws:iam::123456789012:role/app";
  EXPECT_EQ(create("app", "", trust_of(arn)).code, "MalformedPolicyDocument");
  create("app");
  EXPECT_EQ(set_trust("app", trust_of(arn)).status, 200);
  EXPECT_EQ(trust_text("app"), trust_of(arn));
}

TEST_F(Roles, AreDescribedInLatinLetters) {
  create("app");
  for (const std::string refused : {"Action=UpdateRole", "Action=UpdateRoleDescription"}) {
    // An em dash, DEL and a no-break space.
    for (const std::string text : {"a \xE2\x80\x94 b", "\x7F", "\xC2\xA0"}) {
      const auto answer = iam_.call(refused + "&RoleName=app" + field("Description", text));
      EXPECT_EQ(answer.code, "ValidationError");
      EXPECT_EQ(answer.message,
                "1 validation error detected: Value at 'description' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: "
                "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*");
    }
  }
  EXPECT_EQ(create("other", field("Description", "em \xE2\x80\x94 dash")).code, "ValidationError");
  EXPECT_EQ(create("other", field("Description", "caf\xC3\xA9\t\xC2\xA1")).status, 200);
}

TEST_F(Roles, HaveDocumentsOfPrintableCharacters) {
  create("app");
  EXPECT_EQ(iam_.call("Action=CreateRole&RoleName=q" +
                      field("AssumeRolePolicyDocument", "{\"\xE2\x80\x94\":1}"))
                .message,
            "The specified value for assumeRolePolicyDocument is invalid. It must contain only "
            "printable ASCII characters.");
  EXPECT_EQ(iam_.call("Action=UpdateAssumeRolePolicy&RoleName=app" +
                      field("PolicyDocument", "{\"\xE2\x80\x94\":1}"))
                .message,
            "The specified value for policyDocument is invalid. It must contain only printable "
            "ASCII characters.");
}

TEST_F(Roles, ChangeOnlyWhatARequestNames) {
  create("app", "&Description=first&MaxSessionDuration=7200");
  const auto updated = iam_.call("Action=UpdateRole&RoleName=app&Description=second");
  EXPECT_TRUE(updated.has("UpdateRoleResult"));
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=app").text("MaxSessionDuration"), "7200");
  iam_.call("Action=UpdateRole&RoleName=app&MaxSessionDuration=3600");
  const auto described = iam_.call("Action=UpdateRoleDescription&RoleName=app&Description=third");
  EXPECT_EQ(described.text("Description"), "third");
  EXPECT_FALSE(described.has("MaxSessionDuration"));
  EXPECT_FALSE(described.has("RoleLastUsed"));
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=app").text("MaxSessionDuration"), "3600");
}

TEST_F(Roles, LoseTheirDescriptionToAnEmptyOne) {
  create("app", "&Description=first");
  iam_.call("Action=UpdateRole&RoleName=app&Description=");
  EXPECT_FALSE(iam_.call("Action=GetRole&RoleName=app").has("Description"));
  iam_.call("Action=UpdateRoleDescription&RoleName=app&Description=second");
  iam_.call("Action=UpdateRoleDescription&RoleName=app&Description=");
  EXPECT_FALSE(iam_.call("Action=GetRole&RoleName=app").has("Description"));
}

TEST_F(Roles, AreDeletedOnlyWhenNothingHangsOnThem) {
  create("app");
  iam_.call("Action=CreatePolicy&PolicyName=p" + field("PolicyDocument", support::kAnyPolicy));
  iam_.call("Action=AttachRolePolicy&RoleName=app&PolicyArn=arn:aws:iam::123456789012:policy/p");
  iam_.call("Action=PutRolePolicy&RoleName=app&PolicyName=inline" +
            field("PolicyDocument", support::kAnyPolicy));
  iam_.call("Action=CreateInstanceProfile&InstanceProfileName=app");
  iam_.call("Action=AddRoleToInstanceProfile&InstanceProfileName=app&RoleName=app");
  struct Step {
    const char *what, *remove;
  };
  for (const Step& step :
       {Step{"remove roles from instance profile",
             "Action=RemoveRoleFromInstanceProfile&InstanceProfileName=app&RoleName=app"},
        Step{"detach all policies",
             "Action=DetachRolePolicy&RoleName=app"
             "&PolicyArn=arn:aws:iam::123456789012:policy/p"},
        Step{"delete policies", "Action=DeleteRolePolicy&RoleName=app&PolicyName=inline"}}) {
    const auto refused = iam_.call("Action=DeleteRole&RoleName=app");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code, "DeleteConflict");
    EXPECT_EQ(refused.message, "Cannot delete entity, must " + std::string(step.what) + " first.");
    EXPECT_EQ(iam_.call(step.remove).status, 200);
  }
  EXPECT_EQ(iam_.call("Action=DeleteRole&RoleName=app").status, 200);
  EXPECT_EQ(iam_.call("Action=DeleteRole&RoleName=app").code, "NoSuchEntity");
}

TEST_F(Roles, HaveAPermissionsBoundary) {
  const std::string arn = "arn:aws:iam::123456789012:policy/p";
  const std::string put =
      "Action=PutRolePermissionsBoundary&RoleName=app&PermissionsBoundary=" + arn;
  create("app");
  EXPECT_EQ(iam_.call(put).code, "NoSuchEntity");
  const std::string no_policy = "arn:aws:iam::123456789012:not_a_policy/x";
  const auto invalid =
      iam_.call("Action=PutRolePermissionsBoundary&RoleName=app&PermissionsBoundary=" + no_policy);
  EXPECT_EQ(invalid.status, 400);
  EXPECT_EQ(invalid.code, "InvalidInput");
  EXPECT_EQ(invalid.message, "ARN " + no_policy + " is not valid.");
  EXPECT_EQ(create("next", "&PermissionsBoundary=" + no_policy).code, "InvalidInput");
  iam_.call("Action=CreatePolicy&PolicyName=p" + field("PolicyDocument", support::kAnyPolicy));
  EXPECT_EQ(iam_.call(put).status, 200);
  const auto role = iam_.call("Action=GetRole&RoleName=app");
  EXPECT_EQ(role.text("PermissionsBoundaryArn"), arn);
  EXPECT_EQ(role.text("PermissionsBoundaryType"), "Policy");
  EXPECT_FALSE(iam_.call("Action=ListRoles").has("PermissionsBoundary"));
  iam_.call("Action=DeleteRolePermissionsBoundary&RoleName=app");
  EXPECT_FALSE(iam_.call("Action=GetRole&RoleName=app").has("PermissionsBoundary"));
  EXPECT_EQ(create("other", "&PermissionsBoundary=" + arn).text("PermissionsBoundaryArn"), arn);
}

TEST_F(Roles, HaveTags) {
  create("app");
  iam_.call("Action=TagRole&RoleName=app&Tags.member.1.Key=a&Tags.member.1.Value=1");
  EXPECT_EQ(iam_.call("Action=ListRoleTags&RoleName=app").text("Value"), "1");
  iam_.call("Action=UntagRole&RoleName=app&TagKeys.member.1=a");
  const auto none = iam_.call("Action=ListRoleTags&RoleName=app");
  EXPECT_TRUE(none.has("Tags"));
  EXPECT_TRUE(none.texts("Key").empty());
}

// What the Terraform AWS provider calls for aws_iam_role from apply to destroy.
TEST_F(Roles, GoThroughWhatTerraformDoes) {
  create("app");
  iam_.call("Action=PutRolePolicy&RoleName=app&PolicyName=inline" +
            field("PolicyDocument", support::kAnyPolicy));
  const auto role = iam_.call("Action=GetRole&RoleName=app");
  EXPECT_EQ(role.text("Arn"), "arn:aws:iam::123456789012:role/app");
  EXPECT_EQ(iam_.call("Action=ListRolePolicies&RoleName=app").texts("member"), Texts{"inline"});
  EXPECT_EQ(iam_.call("Action=GetRolePolicy&RoleName=app&PolicyName=inline").text("PolicyDocument"),
            base::percent_encode(support::kAnyPolicy));
  EXPECT_TRUE(iam_.call("Action=ListAttachedRolePolicies&RoleName=app").has("AttachedPolicies"));
  EXPECT_EQ(set_trust("app", std::string(support::kEc2Trust) + "\n").status, 200);
  EXPECT_EQ(iam_.call("Action=UpdateRoleDescription&RoleName=app&Description=d").status, 200);
  EXPECT_EQ(iam_.call("Action=UpdateRole&RoleName=app&MaxSessionDuration=7200").status, 200);
  EXPECT_EQ(trust_text("app"), std::string(support::kEc2Trust) + "\n");
  const auto profiles = iam_.call("Action=ListInstanceProfilesForRole&RoleName=app");
  EXPECT_TRUE(profiles.has("InstanceProfiles"));
  EXPECT_EQ(iam_.call("Action=DeleteRolePolicy&RoleName=app&PolicyName=inline").status, 200);
  EXPECT_EQ(iam_.call("Action=DeleteRole&RoleName=app").status, 200);
  EXPECT_EQ(iam_.call("Action=GetRole&RoleName=app").code, "NoSuchEntity");
}

TEST_F(Roles, ShowWhomTheyTrustAsItIsNow) {
  const std::string arn = "arn:aws:iam::123456789012:user/dev";
  const std::string id = iam_.call("Action=CreateUser&UserName=dev").text("UserId");
  create("app", "", trust_of(arn));
  iam_.call("Action=UpdateUser&UserName=dev&NewPath=/p/");
  EXPECT_EQ(trust_text("app"), trust_of("arn:aws:iam::123456789012:user/p/dev"));
  iam_.call("Action=DeleteUser&UserName=dev");
  EXPECT_EQ(trust_text("app"), trust_of(id));
  iam_.call("Action=CreateUser&UserName=dev");
  EXPECT_EQ(trust_text("app"), trust_of(id));
}

}  // namespace
}  // namespace imdsd::iam::api
