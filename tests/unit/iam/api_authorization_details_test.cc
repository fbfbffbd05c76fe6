// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/policy_parser.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

constexpr std::string_view kText =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
constexpr std::string_view kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

std::shared_ptr<const PolicyDocument> document(std::string_view text, PolicyKind kind) {
  return std::make_shared<const PolicyDocument>(parse_policy(text, kind)->document);
}

class AuthorizationDetails : public ::testing::Test {
 protected:
  AuthorizationDetails() {
    iam_.call("Action=CreateGroup&GroupName=devs");
    iam_.call("Action=CreateUser&UserName=dev&Tags.member.1.Key=team&Tags.member.1.Value=a");
    iam_.call("Action=AddUserToGroup&UserName=dev&GroupName=devs");
    const bool written = iam_.service
                             .write([&](Transaction& transaction) {
                               put_all(transaction);
                               return true;
                             })
                             .has_value();
    EXPECT_TRUE(written);
  }

  static void put_all(Transaction& transaction) {
    const std::string account(support::kIamAccount);
    ManagedPolicy policy;
    policy.account = account;
    policy.name = "read";
    policy.unique_id = transaction.new_unique_id(aws::IdPrefix::ANPA, account);
    policy.versions = {{"v1", document(kText, PolicyKind::identity), transaction.now()},
                       {"v2", document(kText, PolicyKind::identity), transaction.now()}};
    policy.default_version = "v2";
    const std::string policy_arn = arn_of(policy);
    transaction.put(std::move(policy));
    Role role;
    role.account = account;
    role.name = "app";
    role.unique_id = transaction.new_unique_id(aws::IdPrefix::AROA, account);
    role.trust_policy = {kTrustPolicyName, "", document(kTrust, PolicyKind::trust)};
    role.grants.attached.push_back({policy_arn, Origin::api});
    role.grants.inline_policies.push_back(
        {{"inline", "", document(kText, PolicyKind::identity)}, Origin::api});
    role.boundary = policy_arn;
    transaction.put(std::move(role));
    InstanceProfile profile;
    profile.account = account;
    profile.name = "app-profile";
    profile.unique_id = transaction.new_unique_id(aws::IdPrefix::AIPA, account);
    profile.role = "app";
    transaction.put(std::move(profile));
  }

  void attach(std::string_view user, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      iam_.call("Action=AttachUserPolicy&UserName=" + std::string(user) +
                "&PolicyArn=arn:aws:iam::aws:policy/" + name);
    }
  }
  support::IamAnswer get(const std::string& more = "") {
    return iam_.call("Action=GetAccountAuthorizationDetails" + more);
  }
  support::IamWorld iam_{{user_operations(), group_operations(), account_operations(),
                          attachment_operations(), inline_policy_operations()}};
};

TEST_F(AuthorizationDetails, HaveWhatIsInTheAccount) {
  const auto all = get();
  EXPECT_EQ(all.texts("UserName"), std::vector<std::string>{"dev"});
  EXPECT_NE(all.text("GroupList").find("<member>devs</member>"), std::string::npos);
  EXPECT_EQ(all.text("Key"), "team");
  EXPECT_EQ(all.texts("RoleName").front(), "app");
  EXPECT_EQ(all.text("AssumeRolePolicyDocument"), base::percent_encode(kTrust));
  EXPECT_EQ(all.text("InstanceProfileName"), "app-profile");
  EXPECT_EQ(all.text("PolicyDocument"), base::percent_encode(kText));
  EXPECT_EQ(all.text("PolicyArn"), "arn:aws:iam::123456789012:policy/read");
  EXPECT_EQ(all.text("PermissionsBoundaryArn"), "arn:aws:iam::123456789012:policy/read");
  EXPECT_EQ(all.texts("VersionId"), (std::vector<std::string>{"v2", "v1"}));
  EXPECT_EQ(all.texts("IsDefaultVersion"), (std::vector<std::string>{"true", "false"}));
  EXPECT_EQ(all.text("Document"), base::percent_encode(kText));
  EXPECT_EQ(all.text("AttachmentCount"), "1");
  EXPECT_EQ(all.text("IsTruncated"), "false");
}

TEST_F(AuthorizationDetails, AreOfTheKindsAskedFor) {
  const auto some = get("&Filter.member.1=Group&Filter.member.2=LocalManagedPolicy");
  EXPECT_TRUE(some.has("UserDetailList"));
  EXPECT_TRUE(some.has("RoleDetailList"));
  EXPECT_FALSE(some.has("UserName"));
  EXPECT_FALSE(some.has("RoleName"));
  EXPECT_TRUE(some.has("GroupName"));
  EXPECT_TRUE(some.has("DefaultVersionId"));
  const auto wrong = get("&Filter.member.1=Dog");
  EXPECT_EQ(wrong.code, "ValidationError");
  EXPECT_NE(wrong.message.find("enum value set: [User, Role, Group, LocalManagedPolicy, "
                               "AWSManagedPolicy]"),
            std::string::npos);
}

TEST_F(AuthorizationDetails, HaveThePoliciesOfAwsThatAreAttached) {
  const std::string only = "&Filter.member.1=AWSManagedPolicy";
  EXPECT_FALSE(get(only).has("DefaultVersionId"));
  attach("dev", {"AmazonS3ReadOnlyAccess", "ReadOnlyAccess"});
  const auto aws = get(only);
  EXPECT_FALSE(aws.has("UserName"));
  EXPECT_EQ(aws.texts("Arn"),
            (std::vector<std::string>{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
                                      "arn:aws:iam::aws:policy/ReadOnlyAccess"}));
  EXPECT_EQ(aws.text("AttachmentCount"), "1");
  EXPECT_EQ(aws.texts("IsDefaultVersion"), (std::vector<std::string>{"true", "true"}));
  EXPECT_EQ(aws.text("VersionId"), aws.text("DefaultVersionId"));
  EXPECT_NE(base::percent_decode(aws.text("Document"))->find("s3:Get*"), std::string::npos);
  // Without a filter they come behind the account's own.
  EXPECT_LT(get().text("Policies").find("policy/read</Arn>"),
            get().text("Policies").find("policy/AmazonS3ReadOnlyAccess</Arn>"));
  EXPECT_EQ(get("&Filter.member.1=LocalManagedPolicy").texts("PolicyId").size(), 1U);
  const auto first = get(only + "&MaxItems=1");
  EXPECT_EQ(first.texts("PolicyId").size(), 1U);
  const auto second =
      get(only + "&MaxItems=1&Marker=" + base::percent_encode(first.text("Marker")));
  EXPECT_EQ(second.texts("Arn"),
            std::vector<std::string>{"arn:aws:iam::aws:policy/ReadOnlyAccess"});
  EXPECT_EQ(second.text("IsTruncated"), "false");
}

TEST_F(AuthorizationDetails, HaveNoEmptyListOfAUsersInlinePolicies) {
  EXPECT_FALSE(get().has("UserPolicyList"));
  EXPECT_TRUE(get().has("GroupPolicyList"));
  iam_.call("Action=PutUserPolicy&UserName=dev&PolicyName=mine" +
            support::field("PolicyDocument", kText));
  EXPECT_TRUE(get().has("UserPolicyList"));
}

TEST_F(AuthorizationDetails, ComeInPagesThatGoFromListToList) {
  iam_.call("Action=CreateUser&UserName=Second");
  std::vector<std::string> seen;
  std::string marker;
  for (int page = 0; page < 10; ++page) {
    const auto answer =
        get("&MaxItems=1" + (marker.empty() ? "" : "&Marker=" + base::percent_encode(marker)));
    for (const char* id : {"UserId", "GroupId", "RoleDetailList", "PolicyId"}) {
      const auto found = answer.text(id);
      if (!found.empty() && found.find_first_not_of(" \n") != std::string::npos) {
        seen.push_back(id);
      }
    }
    marker = answer.text("Marker");
    if (answer.text("IsTruncated") == "false") break;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"UserId", "UserId", "GroupId", "RoleDetailList",
                                            "PolicyId"}));
  EXPECT_TRUE(marker.empty());
  EXPECT_EQ(get("&Marker=" + base::percent_encode(base::base64_encode("after:dog/a"))).message,
            "Invalid Marker.");
}

}  // namespace
}  // namespace imdsd::iam::api
