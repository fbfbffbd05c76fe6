// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

struct Kind {
  const char *name, *quota;
};

class Attachments : public ::testing::TestWithParam<Kind> {
 protected:
  Attachments() {
    iam_.call("Action=CreateUser&UserName=dev");
    iam_.call("Action=CreateRole&RoleName=dev" +
              field("AssumeRolePolicyDocument", support::kEc2Trust));
    (void)iam_.service.write([&](Transaction& transaction) {
      Group group;
      group.account = support::kIamAccount;
      group.name = "dev";
      group.unique_id = transaction.new_unique_id(aws::IdPrefix::AGPA, group.account);
      transaction.put(std::move(group));
      return true;
    });
  }

  support::IamWorld iam_{
      {attachment_operations(), managed_policy_operations(), user_operations(), role_operations()}};
  std::string name_ = GetParam().name;

  std::string create_policy(const std::string& name, const std::string& path = "/") {
    return iam_
        .call("Action=CreatePolicy&PolicyName=" + name + "&Path=" + path +
              field("PolicyDocument", support::kAnyPolicy))
        .text("Arn");
  }
  support::IamAnswer call(const std::string& verb, const std::string& arn) {
    return iam_.call("Action=" + verb + name_ + "Policy&" + name_ + "Name=dev" +
                     field("PolicyArn", arn));
  }
  support::IamAnswer list(const std::string& more = {}) {
    return iam_.call("Action=ListAttached" + name_ + "Policies&" + name_ + "Name=dev" + more);
  }
};

TEST_P(Attachments, AreMadeListedAndUndone) {
  const std::string b = create_policy("b", "/team/"), a = create_policy("A");
  EXPECT_EQ(call("Attach", b).status, 200);
  EXPECT_EQ(call("Attach", a).status, 200);
  EXPECT_EQ(call("Attach", a).status, 200);
  EXPECT_EQ(list().texts("PolicyArn"), (Texts{a, b}));
  EXPECT_EQ(list().texts("PolicyName"), (Texts{"A", "b"}));
  EXPECT_EQ(list("&PathPrefix=/team/").texts("PolicyName"), Texts{"b"});
  const std::string unknown =
      "The specified value for pathPrefix is invalid. It must begin with the "
      "/ character and contain only alphanumeric characters and/or / "
      "characters.";
  EXPECT_EQ(list("&PathPrefix=/team").message, unknown);
  EXPECT_EQ(iam_.call("Action=ListPolicies&PathPrefix=/team").message, unknown);
  EXPECT_EQ(iam_.call("Action=ListPolicies&PathPrefix=/").status, 200);
  EXPECT_EQ(iam_.call("Action=ListUsers&PathPrefix=/team").status, 200);
  const auto first = list("&MaxItems=1");
  EXPECT_EQ(first.texts("PolicyName"), Texts{"A"});
  EXPECT_EQ(list(field("Marker", first.text("Marker"))).texts("PolicyName"), Texts{"b"});
  EXPECT_EQ(iam_.call("Action=GetPolicy&PolicyArn=" + a).text("AttachmentCount"), "1");
  EXPECT_EQ(call("Detach", a).status, 200);
  EXPECT_EQ(list().texts("PolicyArn"), Texts{b});
}

TEST_P(Attachments, AreRefusedInTheServicesWords) {
  const auto no_arn = call("Attach", "this-is-not-an-arn-at-all");
  EXPECT_EQ(no_arn.status, 400);
  EXPECT_EQ(no_arn.code, "ValidationError");
  EXPECT_EQ(no_arn.message, "ARN this-is-not-an-arn-at-all is not valid.");
  EXPECT_EQ(call("Detach", "this-is-not-an-arn-at-all").message, no_arn.message);
  EXPECT_EQ(call("Attach", "arn:that-ends-too-early").message,
            "Invalid ARN:  Could not be parsed!");
  EXPECT_EQ(call("Attach", "arn:aws:iam::123456789012:role/dev").code, "InvalidInput");
  EXPECT_EQ(call("Attach", "arn:aws-cn:iam::123456789012:policy/p").message,
            "Invalid ARN partition");
  const std::string arn = "arn:aws:iam::123456789012:policy/none";
  const auto unknown = call("Attach", arn);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.code, "NoSuchEntity");
  EXPECT_EQ(unknown.message, "Policy " + arn + " does not exist or is not attachable.");
  const auto unattached = call("Detach", arn);
  EXPECT_EQ(unattached.code, "NoSuchEntity");
  EXPECT_EQ(unattached.message, "Policy " + arn + " was not found.");
}

TEST_P(Attachments, NeedAnEntity) {
  const std::string arn = field("PolicyArn", create_policy("p"));
  const std::string nobody = "&" + name_ + "Name=none";
  EXPECT_EQ(iam_.call("Action=Attach" + name_ + "Policy" + nobody + arn).code, "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=Detach" + name_ + "Policy" + nobody + arn).code, "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=ListAttached" + name_ + "Policies" + nobody).code, "NoSuchEntity");
}

TEST_P(Attachments, AreNotOfOtherAccountsPolicies) {
  const std::string other = "210987654321";
  iam_.call("Action=CreatePolicy&PolicyName=p" + field("PolicyDocument", support::kAnyPolicy),
            support::IamWorld::root(other));
  EXPECT_EQ(call("Attach", "arn:aws:iam::" + other + ":policy/p").code, "NoSuchEntity");
}

TEST_P(Attachments, AreAtMostTen) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(call("Attach", create_policy("p" + std::to_string(i))).status, 200);
  }
  const auto more = call("Attach", create_policy("p10"));
  EXPECT_EQ(more.status, 409);
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message, "Cannot exceed quota for " + std::string(GetParam().quota) + ": 10");
}

INSTANTIATE_TEST_SUITE_P(OfAllKinds, Attachments,
                         ::testing::Values(Kind{"User", "PoliciesPerUser"},
                                           Kind{"Group", "PoliciesPerGroup"},
                                           Kind{"Role", "PoliciesPerRole"}),
                         [](const auto& test) { return test.param.name; });

class PolicyEntities : public ::testing::Test {
 protected:
  PolicyEntities() {
    iam_.call("Action=CreatePolicy&PolicyName=p" + field("PolicyDocument", support::kAnyPolicy));
    for (const char* name : {"b", "a"}) {
      iam_.call("Action=CreateUser&Path=/x/&UserName=" + std::string(name));
      iam_.call("Action=AttachUserPolicy&UserName=" + std::string(name) + kArn);
    }
    iam_.call("Action=CreateRole&RoleName=r" +
              field("AssumeRolePolicyDocument", support::kEc2Trust));
    iam_.call("Action=AttachRolePolicy&RoleName=r" + std::string(kArn));
    iam_.call(
        "Action=CreateUser&UserName=bounded"
        "&PermissionsBoundary=arn:aws:iam::123456789012:policy/p");
  }

  static constexpr const char* kArn = "&PolicyArn=arn:aws:iam::123456789012:policy/p";
  support::IamWorld iam_{
      {attachment_operations(), managed_policy_operations(), user_operations(), role_operations()}};

  support::IamAnswer list(const std::string& more = {}) {
    return iam_.call("Action=ListEntitiesForPolicy" + std::string(kArn) + more);
  }
};

TEST_F(PolicyEntities, AreListedByKind) {
  const auto all = list();
  EXPECT_TRUE(all.has("PolicyGroups"));
  EXPECT_EQ(all.texts("UserName"), (Texts{"a", "b", "bounded"}));
  EXPECT_EQ(all.texts("RoleName"), Texts{"r"});
  EXPECT_EQ(all.text("RoleId").substr(0, 4), "AROA");
  EXPECT_EQ(all.text("IsTruncated"), "false");
}

TEST_F(PolicyEntities, AreListedInPagesAcrossTheKinds) {
  const auto first = list("&MaxItems=2");
  EXPECT_EQ(first.texts("UserName"), (Texts{"a", "b"}));
  EXPECT_TRUE(first.texts("RoleName").empty());
  EXPECT_EQ(first.text("IsTruncated"), "true");
  const auto second = list("&MaxItems=2" + field("Marker", first.text("Marker")));
  EXPECT_EQ(second.texts("UserName"), Texts{"bounded"});
  EXPECT_EQ(second.texts("RoleName"), Texts{"r"});
  EXPECT_EQ(second.text("IsTruncated"), "false");
}

TEST_F(PolicyEntities, AreFiltered) {
  EXPECT_EQ(list("&EntityFilter=Role").texts("RoleName"), Texts{"r"});
  EXPECT_TRUE(list("&EntityFilter=Role").texts("UserName").empty());
  for (const char* kind : {"LocalManagedPolicy", "AWSManagedPolicy"}) {
    const auto none = list("&EntityFilter=" + std::string(kind));
    EXPECT_TRUE(none.has("PolicyRoles")) << kind;
    EXPECT_FALSE(none.has("member")) << kind;
  }
  EXPECT_EQ(list("&PolicyUsageFilter=PermissionsBoundary").texts("UserName"), Texts{"bounded"});
  EXPECT_EQ(list("&PolicyUsageFilter=PermissionsPolicy").texts("UserName"), (Texts{"a", "b"}));
  EXPECT_EQ(list("&PathPrefix=/x/").texts("UserName"), (Texts{"a", "b"}));
  EXPECT_EQ(list("&EntityFilter=Nobody").code, "ValidationError");
  EXPECT_EQ(list("&Marker=bogus").message, "Invalid Marker.");
}

TEST_F(PolicyEntities, AreOfAPolicyThatIsThere) {
  const auto missing =
      iam_.call("Action=ListEntitiesForPolicy&PolicyArn=arn:aws:iam::123456789012:policy/none");
  EXPECT_EQ(missing.code, "NoSuchEntity");
  EXPECT_EQ(missing.message,
            "Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable.");
}

}  // namespace
}  // namespace imdsd::iam::api
