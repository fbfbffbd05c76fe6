// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

using support::field;
using Texts = std::vector<std::string>;

constexpr const char* kArn = "arn:aws:iam::123456789012:policy/p";

class ManagedPolicies : public ::testing::Test {
 protected:
  support::IamWorld iam_{{managed_policy_operations(), attachment_operations(), user_operations()}};

  support::IamAnswer create(const std::string& name, const std::string& more = {},
                            std::string_view document = support::kAnyPolicy) {
    return iam_.call("Action=CreatePolicy&PolicyName=" + name + field("PolicyDocument", document) +
                     more);
  }
  support::IamAnswer on_policy(const std::string& action, const std::string& more = {}) {
    return iam_.call("Action=" + action + "&PolicyArn=" + kArn + more);
  }
  support::IamAnswer add_version(const std::string& more = {}) {
    return on_policy("CreatePolicyVersion", field("PolicyDocument", support::kAnyPolicy) + more);
  }
};

TEST_F(ManagedPolicies, ShowInEachAnswerWhatAwsShowsThere) {
  const auto created =
      create("p", "&Path=/team/&Description=d&Tags.member.1.Key=k&Tags.member.1.Value=v");
  EXPECT_EQ(created.text("Arn"), "arn:aws:iam::123456789012:policy/team/p");
  EXPECT_EQ(created.text("PolicyId").substr(0, 4), "ANPA");
  EXPECT_EQ(created.text("DefaultVersionId"), "v1");
  EXPECT_EQ(created.text("AttachmentCount"), "0");
  EXPECT_EQ(created.text("PermissionsBoundaryUsageCount"), "0");
  EXPECT_EQ(created.text("IsAttachable"), "true");
  EXPECT_EQ(created.text("CreateDate"), created.text("UpdateDate"));
  EXPECT_FALSE(created.has("Description"));
  const auto full = iam_.call("Action=GetPolicy&PolicyArn=arn:aws:iam::123456789012:policy/team/p");
  EXPECT_EQ(full.text("Description"), "d");
  EXPECT_EQ(full.text("Key"), "k");
  const auto listed = iam_.call("Action=ListPolicies&Scope=Local&PathPrefix=/team/");
  EXPECT_EQ(listed.texts("PolicyName"), Texts{"p"});
  EXPECT_FALSE(listed.has("Description"));
  EXPECT_FALSE(listed.has("Tags"));
  EXPECT_FALSE(create("plain").has("Tags"));
  EXPECT_TRUE(
      iam_.call("Action=GetPolicy&PolicyArn=arn:aws:iam::123456789012:policy/plain").has("Tags"));
}

TEST_F(ManagedPolicies, AreRefusedInTheServicesWords) {
  create("p");
  const auto again = create("P", "&Path=/other/");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code, "EntityAlreadyExists");
  EXPECT_EQ(again.message, "A policy called P already exists. Duplicate names are not allowed.");
  EXPECT_EQ(create("q", "", "{").message, "Syntax errors in policy.");
  EXPECT_EQ(create("q", "&Path=nowhere").code, "ValidationError");
  const std::string none = "arn:aws:iam::123456789012:policy/none";
  for (const char* action : {"GetPolicy", "DeletePolicy", "ListPolicyVersions", "ListPolicyTags",
                             "DeletePolicyVersion&VersionId=v1"}) {
    const auto missing = iam_.call("Action=" + std::string(action) + "&PolicyArn=" + none);
    EXPECT_EQ(missing.status, 404) << action;
    EXPECT_EQ(missing.message, "Policy " + none + " was not found.") << action;
  }
  for (const char* action : {"GetPolicyVersion", "SetDefaultPolicyVersion"}) {
    const auto missing =
        iam_.call("Action=" + std::string(action) + "&VersionId=v1&PolicyArn=" + none);
    EXPECT_EQ(missing.status, 404) << action;
    EXPECT_EQ(missing.message,
              "Policy " + none + " version v1 does not exist or is not attachable.")
        << action;
  }
}

TEST_F(ManagedPolicies, AreOfTheNewVersion) {
  create("p");
  const std::string old = R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";
  for (const auto& refused :
       {create("q", "", old), on_policy("CreatePolicyVersion", field("PolicyDocument", old))}) {
    EXPECT_EQ(refused.code, "MalformedPolicyDocument");
    EXPECT_EQ(refused.message, "Policy document must be version 2012-10-17 or greater.");
  }
}

TEST_F(ManagedPolicies, HaveDocumentsOfPrintableCharacters) {
  const auto beyond = create("q", "",
                             R"({"Version":"2012-10-17","Statement":{"Sid":")"
                             "\xE2\x80\x94"
                             R"("}})");
  EXPECT_EQ(beyond.code, "ValidationError");
  EXPECT_EQ(beyond.message,
            "The specified value for policyDocument is invalid. It must contain only printable "
            "ASCII characters.");
}

TEST_F(ManagedPolicies, AreDescribedInAnyLetters) {
  EXPECT_EQ(create("dash", field("Description", "a \xE2\x80\x94 b")).status, 200);
}

TEST_F(ManagedPolicies, HaveAQuotaThatDoesNotCountSpace) {
  const std::string start =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::)";
  const std::string end = R"("}})";
  const auto document = [&](std::size_t size) {
    return start + std::string(size - start.size() - end.size(), 'x') + end;
  };
  EXPECT_EQ(create("p", "", document(6144) + std::string(100, '\n')).status, 200);
  const auto large = create("q", "", document(6145));
  EXPECT_EQ(large.code, "LimitExceeded");
  EXPECT_EQ(large.message, "Cannot exceed quota for PolicySize: 6144");
}

TEST_F(ManagedPolicies, HaveVersionsWhoseNumbersAreNotGivenTwice) {
  create("p");
  const auto second = add_version();
  EXPECT_EQ(second.text("VersionId"), "v2");
  EXPECT_EQ(second.text("IsDefaultVersion"), "false");
  EXPECT_FALSE(second.has("Document"));
  EXPECT_EQ(on_policy("DeletePolicyVersion", "&VersionId=v2").status, 200);
  EXPECT_EQ(add_version("&SetAsDefault=true").text("IsDefaultVersion"), "true");
  EXPECT_EQ(on_policy("GetPolicy").text("DefaultVersionId"), "v3");
  EXPECT_EQ(on_policy("ListPolicyVersions").texts("VersionId"), (Texts{"v3", "v1"}));
  EXPECT_EQ(on_policy("SetDefaultPolicyVersion", "&VersionId=v1").status, 200);
  EXPECT_EQ(on_policy("ListPolicyVersions").texts("IsDefaultVersion"), (Texts{"false", "true"}));
}

TEST_F(ManagedPolicies, ShowADocumentInItsVersionAlone) {
  create("p");
  const auto version = on_policy("GetPolicyVersion", "&VersionId=v1");
  EXPECT_EQ(version.text("Document"), base::percent_encode(support::kAnyPolicy));
  EXPECT_FALSE(on_policy("ListPolicyVersions").has("Document"));
  EXPECT_FALSE(on_policy("GetPolicy").has("Document"));
}

TEST_F(ManagedPolicies, HaveAtMostFiveVersions) {
  create("p");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(add_version().status, 200);
  const auto more = add_version();
  EXPECT_EQ(more.status, 409);
  EXPECT_EQ(more.code, "LimitExceeded");
  EXPECT_EQ(more.message,
            "A managed policy can have up to 5 versions. Before you create a new version, you must "
            "delete an existing version.");
  const auto page = on_policy("ListPolicyVersions", "&MaxItems=3");
  EXPECT_EQ(page.texts("VersionId"), (Texts{"v5", "v4", "v3"}));
  EXPECT_EQ(
      on_policy("ListPolicyVersions", field("Marker", page.text("Marker"))).texts("VersionId"),
      (Texts{"v2", "v1"}));
}

TEST_F(ManagedPolicies, HaveNoVersionsThatAreNotThere) {
  create("p");
  for (const char* action :
       {"GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"}) {
    const auto missing = on_policy(action, "&VersionId=v9");
    EXPECT_EQ(missing.code, "NoSuchEntity") << action;
    EXPECT_EQ(missing.message,
              "Policy " + std::string(kArn) + " version v9 does not exist or is not attachable.");
  }
  EXPECT_EQ(on_policy("GetPolicyVersion", "&VersionId=one").message,
            "1 validation error detected: Value at 'versionId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?");
  EXPECT_EQ(on_policy("CreatePolicyVersion", field("PolicyDocument", "{")).code,
            "MalformedPolicyDocument");
}

TEST_F(ManagedPolicies, AreDeletedOnlyWhenNothingHangsOnThem) {
  create("p");
  iam_.call("Action=CreateUser&UserName=u");
  iam_.call("Action=AttachUserPolicy&UserName=u&PolicyArn=" + std::string(kArn));
  iam_.call("Action=PutUserPermissionsBoundary&UserName=u&PermissionsBoundary=" +
            std::string(kArn));
  add_version();
  EXPECT_EQ(on_policy("DeletePolicy").message, "Cannot delete a policy attached to entities.");
  iam_.call("Action=DetachUserPolicy&UserName=u&PolicyArn=" + std::string(kArn));
  EXPECT_EQ(on_policy("DeletePolicy").message, "Cannot delete a policy attached to entities.");
  iam_.call("Action=DeleteUserPermissionsBoundary&UserName=u");
  const auto versions = on_policy("DeletePolicy");
  EXPECT_EQ(versions.status, 409);
  EXPECT_EQ(versions.code, "DeleteConflict");
  EXPECT_EQ(
      versions.message,
      "This policy has more than one version. Before you delete a policy, you must delete the "
      "policy's versions. The default version is deleted with the policy.");
  EXPECT_EQ(on_policy("DeletePolicyVersion", "&VersionId=v1").message,
            "Cannot delete the default version of a policy.");
  on_policy("DeletePolicyVersion", "&VersionId=v2");
  EXPECT_EQ(on_policy("DeletePolicy").status, 200);
  EXPECT_EQ(on_policy("GetPolicy").code, "NoSuchEntity");
}

TEST_F(ManagedPolicies, AreListedByUse) {
  create("p");
  create("q");
  create("R");
  iam_.call("Action=CreateUser&UserName=u&PermissionsBoundary=arn:aws:iam::123456789012:policy/q");
  iam_.call("Action=AttachUserPolicy&UserName=u&PolicyArn=" + std::string(kArn));
  const auto names = [&](const std::string& more) {
    return iam_.call("Action=ListPolicies&Scope=Local" + more).texts("PolicyName");
  };
  EXPECT_EQ(names(""), (Texts{"p", "q", "R"}));
  EXPECT_EQ(names("&OnlyAttached=true"), Texts{"p"});
  EXPECT_EQ(names("&OnlyAttached=false"), (Texts{"p", "q", "R"}));
  EXPECT_EQ(names("&PolicyUsageFilter=PermissionsPolicy"), Texts{"p"});
  EXPECT_EQ(names("&PolicyUsageFilter=PermissionsBoundary"), Texts{"q"});
  EXPECT_EQ(iam_.call("Action=ListPolicies&Scope=AWS&PathPrefix=/nothing-has-this/").texts("Arn"),
            Texts{});
  EXPECT_EQ(iam_.call("Action=ListPolicies&Scope=Mine").code, "ValidationError");
  EXPECT_EQ(iam_.call("Action=ListPolicies&OnlyAttached=maybe").code, "MalformedInput");
  const auto page = iam_.call("Action=ListPolicies&Scope=Local&MaxItems=2");
  EXPECT_EQ(page.texts("PolicyName"), (Texts{"p", "q"}));
  EXPECT_EQ(names(field("Marker", page.text("Marker"))), Texts{"R"});
}

TEST_F(ManagedPolicies, HaveTags) {
  create("p");
  EXPECT_EQ(on_policy("TagPolicy", "&Tags.member.1.Key=a&Tags.member.1.Value=1").status, 200);
  EXPECT_EQ(on_policy("ListPolicyTags").text("Value"), "1");
  EXPECT_EQ(on_policy("UntagPolicy", "&TagKeys.member.1=a").status, 200);
  EXPECT_TRUE(on_policy("ListPolicyTags").texts("Key").empty());
}

TEST_F(ManagedPolicies, HaveTagsWhoseKeysDifferByCase) {
  const std::string both =
      "&Tags.member.1.Key=Dept&Tags.member.1.Value=1&Tags.member.2.Key=dept&Tags.member.2.Value=2";
  EXPECT_EQ(create("p", both).texts("Key"), (Texts{"Dept", "dept"}));
  EXPECT_EQ(on_policy("UntagPolicy", "&TagKeys.member.1=dept").status, 200);
  EXPECT_EQ(on_policy("ListPolicyTags").texts("Key"), Texts{"Dept"});
  EXPECT_EQ(on_policy("TagPolicy", "&Tags.member.1.Key=dept&Tags.member.1.Value=3").status, 200);
  EXPECT_EQ(on_policy("ListPolicyTags").texts("Value"), (Texts{"1", "3"}));
  const auto twice = on_policy("TagPolicy",
                               "&Tags.member.1.Key=dept&Tags.member.1.Value="
                               "&Tags.member.2.Key=dept&Tags.member.2.Value=");
  EXPECT_EQ(twice.code, "InvalidInput");
  EXPECT_EQ(twice.message, "Duplicate tag keys found.");
}

TEST_F(ManagedPolicies, OfOtherAccountsAreNotThere) {
  create("p");
  const auto other = support::IamWorld::root("210987654321");
  EXPECT_EQ(iam_.call("Action=GetPolicy&PolicyArn=" + std::string(kArn), other).code,
            "NoSuchEntity");
  EXPECT_EQ(iam_.call("Action=DeletePolicy&PolicyArn=" + std::string(kArn), other).code,
            "NoSuchEntity");
}

TEST_F(ManagedPolicies, OfAwsAreNotChanged) {
  const std::string on_aws = "&PolicyArn=arn:aws:iam::aws:policy/ReadOnlyAccess&VersionId=v2";
  for (const auto& [action, attempt] : std::vector<std::pair<std::string, std::string>>{
           {"DeletePolicy", "delete policies"},
           {"SetDefaultPolicyVersion", "update policies"},
           {"DeletePolicyVersion", "delete policy versions for policies"}}) {
    const auto refused = iam_.call("Action=" + action + on_aws);
    EXPECT_EQ(refused.status, 403) << action;
    EXPECT_EQ(refused.code, "AccessDenied") << action;
    EXPECT_EQ(refused.message, "Cannot " + attempt + " outside your own account.");
  }
  EXPECT_EQ(iam_.call("Action=TagPolicy&Tags.member.1.Key=a&Tags.member.1.Value=1" + on_aws).status,
            403);
}

// What the Terraform AWS provider calls for aws_iam_policy from apply to destroy; a change of the
// document makes a version, and the oldest one goes when there are five.
TEST_F(ManagedPolicies, GoThroughWhatTerraformDoes) {
  EXPECT_EQ(create("p", "&Path=/").text("Arn"), kArn);
  EXPECT_EQ(on_policy("GetPolicy").text("DefaultVersionId"), "v1");
  EXPECT_EQ(on_policy("GetPolicyVersion", "&VersionId=v1").text("IsDefaultVersion"), "true");
  for (int change = 2; change <= 7; ++change) {
    const auto versions = on_policy("ListPolicyVersions").texts("VersionId");
    if (versions.size() == 5) {
      EXPECT_EQ(on_policy("DeletePolicyVersion", "&VersionId=" + versions.back()).status, 200);
    }
    EXPECT_EQ(add_version("&SetAsDefault=true").text("VersionId"), "v" + std::to_string(change));
  }
  for (const std::string& version : on_policy("ListPolicyVersions").texts("VersionId")) {
    if (version == on_policy("GetPolicy").text("DefaultVersionId")) continue;
    EXPECT_EQ(on_policy("DeletePolicyVersion", "&VersionId=" + version).status, 200);
  }
  EXPECT_EQ(on_policy("DeletePolicy").status, 200);
  EXPECT_EQ(on_policy("GetPolicy").code, "NoSuchEntity");
}

}  // namespace
}  // namespace imdsd::iam::api
