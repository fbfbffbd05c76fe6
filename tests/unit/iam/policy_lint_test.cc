// SPDX-License-Identifier: MIT
#include "iam/policy_lint.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "iam/managed_policies.h"
#include "tests/unit/iam/policy_text.h"

namespace imdsd::iam {
namespace {

std::vector<PolicyError> lint(const std::string& text, PolicyKind kind = PolicyKind::identity) {
  const auto parsed = parse_policy(text, kind);
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return lint_policy(parsed->document);
}

/// The one warning, or all of them.
std::string messages(const std::vector<PolicyError>& warnings) {
  std::string out;
  for (const PolicyError& warning : warnings) out += (out.empty() ? "" : "\n") + warning.message;
  return out;
}

std::string one_action(std::string_view action, std::string_view resource) {
  return policy_text::statement(R"("Action":")" + std::string(action) + R"(","Resource":")" +
                                std::string(resource) + "\"");
}

struct Case {
  std::string_view action, resource;
  std::string_view warning;  // empty: none
};

class PolicyLint : public testing::TestWithParam<Case> {};

TEST_P(PolicyLint, Warns) {
  EXPECT_EQ(messages(lint(one_action(GetParam().action, GetParam().resource))), GetParam().warning);
}

constexpr std::string_view kBucket = "arn:aws:s3:::b";
constexpr std::string_view kObjects = "arn:aws:s3:::b/*";
constexpr std::string_view kRole = "arn:aws:iam::123456789012:role/r";

INSTANTIATE_TEST_SUITE_P(
    Names, PolicyLint,
    testing::Values(
        Case{"s3:GetObjects", "*",
             "action `s3:GetObjects` matches no action of `s3`, did you mean `s3:GetObject`?"},
        Case{"s3:Tomatoes", "*", "action `s3:Tomatoes` matches no action of `s3`"},
        Case{"S3:getobject", "*", ""}, Case{"s3:Get*", "*", ""}, Case{"s3:*", "*", ""},
        Case{"*", "*", ""}, Case{"s3:Gett*", "*", "action `s3:Gett*` matches no action of `s3`"},
        Case{"ec2:Describe?mages", "*", ""},
        Case{"s3:ListObjectsV2", "*",
             "`s3:ListObjectsV2` is an operation of the API, not an action: what permits it is "
             "`s3:ListBucket`"},
        Case{"s3:headobject", "*",
             "`s3:headobject` is an operation of the API, not an action: what permits it is "
             "`s3:GetObject`"},
        Case{"dynamodbb:GetItem", "*",
             "AWS has no service `dynamodbb` as in action `dynamodbb:GetItem`, did you mean "
             "`dynamodb`?"},
        Case{"frobnicator:Do", "*",
             "AWS has no service `frobnicator` as in action `frobnicator:Do`"},
        // Of other services the actions are not known; parse_policy() warns about the space.
        Case{"dynamodb:NoSuchThing", "*", ""}, Case{"sts: AssumeRole", "*", ""}));

INSTANTIATE_TEST_SUITE_P(
    Resources, PolicyLint,
    testing::Values(
        Case{"s3:ListAllMyBuckets", kBucket,
             "action `s3:ListAllMyBuckets` is on no particular resource, and a statement that "
             "names resources never matches it: give it a statement with \"Resource\": \"*\""},
        Case{"s3:ListAllMyBuckets", "*", ""}, Case{"S3:ListAllMyBuckets", "arn:aws:s3:::*", ""},
        Case{"s3:ListAllMyBuckets", "arn:aws:s3:::*", ""}, Case{"s3:GetObject", kObjects, ""},
        Case{"s3:ListBucket", kBucket, ""},
        Case{"s3:GetObject", kBucket,
             "action `s3:GetObject` is on objects, and no Resource here names any: write "
             "`arn:aws:s3:::b/*`"},
        Case{"s3:*Object", kBucket,
             "action `s3:*Object` is on objects, and no Resource here names any: write "
             "`arn:aws:s3:::b/*`"},
        Case{"s3:ListBucket", kObjects,
             "action `s3:ListBucket` is on buckets, and no Resource here names one: write "
             "`arn:aws:s3:::b`"},
        Case{"s3:GetObject", "arn:aws:s3:::b*", ""}, Case{"s3:*", kBucket, ""},
        Case{"s3:Get*", kBucket, ""},
        Case{"s3:GetObject", kRole,
             "action `s3:GetObject` is on `arn:${Partition}:s3:${Region}:${Account}:accesspoint/"
             "${AccessPointName}/object/${ObjectName}`, "
             "`arn:${Partition}:s3:::${BucketName}/${ObjectName}`, and no Resource here can match "
             "that"},
        Case{"iam:PassRole", kRole, ""}, Case{"sts:AssumeRole", kRole, ""},
        Case{"iam:PassRole", "arn:aws:iam::123456789012:user/u",
             "action `iam:PassRole` is on `arn:${Partition}:iam::${Account}:role/"
             "${RoleNameWithPath}`, and no Resource here can match that"},
        Case{"ec2:StartInstances", "arn:aws:ec2:*:*:instance/*", ""},
        Case{"ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*",
             "action `ec2:DescribeInstances` is on no particular resource, and a statement that "
             "names resources never matches it: give it a statement with \"Resource\": \"*\""},
        Case{"dynamodb:ListTables", kBucket, ""}));

TEST(PolicyLint, LooksAtAllActionsAndResourcesOfAStatement) {
  EXPECT_EQ(
      messages(lint(policy_text::statement(R"("Action":["s3:GetObject","s3:ListBucket"],)"
                                           R"("Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"])"))),
      "");
  EXPECT_EQ(lint(policy_text::statement(
                     R"("Action":["s3:GetObject","s3:ListBucket","s3:ListAllMyBuckets"],)"
                     R"("Resource":["arn:aws:s3:::b","arn:aws:s3:::c"])"))
                .size(),
            2U);
}

TEST(PolicyLint, NamesAFewOfManyForms) {
  const std::string warning = messages(lint(one_action("ec2:*", "arn:aws:dynamodb:*:*:*")));
  EXPECT_TRUE(warning.ends_with(" or others, and no Resource here can match that")) << warning;
  EXPECT_LT(warning.size(), 500U);
}

TEST(PolicyLint, TellsTheLineOfTheStatement) {
  const auto warnings = lint(R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"s3:*","Resource":"*"},
    {"Effect":"Deny","Action":"s3:GetObject",
     "Resource":"arn:aws:s3:::b"}]})");
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].line, 3U);
}

TEST(PolicyLint, LeavesResourcesAloneWhereTheStatementSaysAllOthers) {
  EXPECT_EQ(messages(lint(policy_text::statement(
                R"("NotAction":"s3:GetObject","Resource":"arn:aws:s3:::b")"))),
            "");
  EXPECT_EQ(messages(lint(policy_text::statement(
                R"("Action":"s3:GetObject","NotResource":"arn:aws:s3:::b")"))),
            "");
  EXPECT_NE(messages(lint(policy_text::statement(
                R"("NotAction":"s3:GetObjects","Resource":"arn:aws:s3:::b")"))),
            "");
}

TEST(PolicyLint, ReadsTrustPolicies) {
  EXPECT_EQ(messages(lint(
                policy_text::statement(R"("Action":"sts:AssumeRole",)" + policy_text::kPrincipal),
                PolicyKind::trust)),
            "");
  EXPECT_EQ(messages(lint(policy_text::statement(R"("Action":"sts:*",)" + policy_text::kPrincipal),
                          PolicyKind::trust)),
            "");
}

TEST(PolicyLint, IsBounded) {
  std::string actions;
  while (actions.size() + 1000 < kMaxLintBytes) actions += R"("s3:No*Such*Action",)";
  const std::string rest = R"("Resource":"*","Action":[)" + actions;
  EXPECT_EQ(lint(policy_text::statement(rest + R"("s3:*"])")).size(), kMaxLintWarnings);
  EXPECT_TRUE(lint(policy_text::statement(rest + std::string(1000, ' ') + R"("s3:*"])")).empty());
}

TEST(PolicyLint, FindsNothingInWhatAwsWritesForTheseServices) {
  for (const std::string_view name :
       {"AdministratorAccess", "AmazonS3FullAccess", "AmazonS3ReadOnlyAccess", "IAMFullAccess",
        "IAMReadOnlyAccess", "AmazonEKS_CNI_Policy", "AmazonSSMManagedInstanceCore"}) {
    const auto* policy = find_managed_policy("arn:aws:iam::aws:policy/" + std::string(name));
    ASSERT_NE(policy, nullptr) << name;
    EXPECT_EQ(messages(lint_policy(*managed_policy(*policy).document)), "") << name;
  }
}

}  // namespace
}  // namespace imdsd::iam
