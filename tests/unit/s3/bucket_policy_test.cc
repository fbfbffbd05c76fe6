// SPDX-License-Identifier: MIT
#include "s3/bucket_policy.h"

#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "s3/answers.h"
#include "tests/support/s3_world.h"

namespace imdsd::s3 {
namespace {

using support::policy_of;

std::string statement(std::string_view action, std::string_view resource,
                      std::string_view principal = R"("*")") {
  return R"({"Effect":"Allow","Principal":)" + std::string(principal) + R"(,"Action":)" +
         std::string(action) + R"(,"Resource":)" + std::string(resource) + "}";
}

/// The same under a condition on `key`.
std::string conditional(std::string_view action, std::string_view resource, std::string_view key) {
  std::string text = statement(action, resource);
  text.pop_back();
  return text + R"(,"Condition":{"StringLike":{")" + std::string(key) + R"(":"a*"}}})";
}

struct MalformedCase {
  std::string_view name;
  std::string text;
  std::string_view message;  // empty: it is taken
};

const MalformedCase kMalformed[] = {
    {"Objects", policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")")), ""},
    {"BothKinds",
     policy_of(statement(R"(["s3:ListBucket","s3:PutObject"])",
                         R"(["arn:aws:s3:::b","arn:aws:s3:::b/home/*"])")),
     ""},
    {"AllActions", policy_of(statement(R"("s3:*")", R"("arn:aws:s3:::b")")), ""},
    {"WildcardOverTheBucketsName", policy_of(statement(R"("s3:Get*")", R"("arn:aws:s3:::*")")), ""},
    {"NotJson", "policy", "Policies must be valid JSON and the first byte must be '{'"},
    {"NoStatement", R"({"Version":"2012-10-17"})", "Missing required field Statement"},
    {"NoPrincipal",
     policy_of(R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"})"),
     "Missing required field Principal"},
    {"NoResource", policy_of(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject"})"),
     "Missing required field Resource"},
    {"OtherBucket", policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::other/*")")),
     "Policy has invalid resource"},
    {"BucketWithALongerName", policy_of(statement(R"("s3:ListBucket")", R"("arn:aws:s3:::bb")")),
     "Policy has invalid resource"},
    {"AnyResource", policy_of(statement(R"("s3:GetObject")", R"("*")")),
     "Policy has invalid resource"},
    {"NotAnArn", policy_of(statement(R"("s3:GetObject")", R"("b/*")")),
     "Policy has invalid resource"},
    {"OtherService", policy_of(statement(R"("ec2:StartInstances")", R"("arn:aws:s3:::b")")),
     "Policy has invalid action"},
    {"UnknownAction", policy_of(statement(R"("s3:GetObjekt")", R"("arn:aws:s3:::b/*")")),
     "Policy has invalid action"},
    {"ObjectActionOnABucket", policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b")")),
     "Action does not apply to any resource(s) in statement"},
    {"BucketActionOnObjects", policy_of(statement(R"("s3:ListBucket")", R"("arn:aws:s3:::b/*")")),
     "Action does not apply to any resource(s) in statement"},
    {"UnknownUser",
     policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")",
                         R"({"AWS":"arn:aws:iam::123456789012:user/nobody"})")),
     "Invalid principal in policy"},
    {"NoPrincipalAtAll",
     policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", R"({"AWS":"dev"})")),
     "Invalid principal in policy"},
    {"PrefixOfAList",
     policy_of(conditional(R"("s3:ListBucket")", R"("arn:aws:s3:::b")", "S3:Prefix")), ""},
    {"PrefixOfOneOfTwo",
     policy_of(conditional(R"(["s3:ListBucket","s3:GetObject"])",
                           R"(["arn:aws:s3:::b","arn:aws:s3:::b/*"])", "s3:prefix")),
     ""},
    {"PrefixOfAll", policy_of(conditional(R"("*")", R"("arn:aws:s3:::b")", "s3:prefix")), ""},
    {"PrefixOfAnObject",
     policy_of(conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "s3:prefix")),
     "Conditions do not apply to combination of actions and resources in statement"},
    {"TagOfAnObject",
     policy_of(
         conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "s3:ExistingObjectTag/Team")),
     ""},
    {"TagWithoutAName",
     policy_of(conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "s3:ExistingObjectTag/")),
     "Policy has an invalid condition key"},
    {"AccessPointsKey",
     policy_of(
         conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "s3:DataAccessPointAccount")),
     ""},
    {"UnknownKeyOfS3",
     policy_of(conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "s3:Foo")),
     "Policy has an invalid condition key"},
    {"KeyWithoutAPrefix",
     policy_of(conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "prefix")),
     "Policy has an invalid condition key"},
    {"KeyOfOthers",
     policy_of(conditional(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", "aws:PrincipalArn")), ""},
    {"TooLong",
     policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")") +
               std::string(kMaxPolicyBytes, ' ')),
     "Policy exceeds the maximum allowed document size."},
};

class BucketPolicyText : public testing::TestWithParam<MalformedCase> {};

TEST_P(BucketPolicyText, IsTakenOrRefusedInS3sWords) {
  support::S3World world;
  const auto parsed = parse_bucket_policy(GetParam().text, "b", *world.realm().directory);
  const aws::S3Error error = parsed ? aws::S3Error{400, "", ""} : parsed.error();
  EXPECT_EQ(error.message, GetParam().message);
  EXPECT_EQ(error.code, GetParam().message.empty() ? "" : "MalformedPolicy");
}

INSTANTIATE_TEST_SUITE_P(Table, BucketPolicyText, testing::ValuesIn(kMalformed),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(BucketPolicyShown, HasArnsWhileThePrincipalIsThere) {
  support::S3World world;
  world.users.push_back({.name = "dev"});
  const std::string text = policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")",
                                               R"({"AWS":"arn:aws:iam::123456789012:user/dev"})"));
  const auto kept = parse_bucket_policy(text, "b", *world.realm().directory).value();
  EXPECT_NE(kept, text);
  EXPECT_EQ(shown_bucket_policy(kept, *world.realm().directory, "aws"), text);
  world.users.clear();
  EXPECT_EQ(shown_bucket_policy(kept, *world.realm().directory, "aws"), kept) << "it is gone";
}

TEST(BucketPolicyText, NamesTheAccountsOfCanonicalUsers) {
  support::S3World world;
  world.users.push_back({.name = "dev"});
  world.users.push_back({.name = "guest", .account = std::string(support::kS3OtherAccount)});
  const std::string mine = "\"" + canonical_user_id(support::kS3Account) + "\"",
                    theirs = "\"" + canonical_user_id(support::kS3OtherAccount) + "\"";
  const auto with = [](const std::string& principal) {
    return policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")", principal));
  };
  const auto kept_of = [&](const std::string& principal) {
    const auto kept = parse_bucket_policy(with(principal), "b", *world.realm().directory);
    return kept ? *kept : kept.error().message;
  };
  EXPECT_EQ(kept_of(R"({ "CanonicalUser" : )" + theirs + " }"),
            with(R"({"AWS":"arn:aws:iam::210987654321:root"})"));
  EXPECT_EQ(kept_of(R"({"Service":"ec2.amazonaws.com","CanonicalUser":[)" + theirs + "," + mine +
                    R"(],"AWS":"111122223333"})"),
            with(R"({"AWS":["111122223333","arn:aws:iam::210987654321:root",)"
                 R"("arn:aws:iam::123456789012:root"],"Service":["ec2.amazonaws.com"]})"));
  EXPECT_EQ(kept_of(R"({"CanonicalUser":")" + std::string(64, 'a') + "\"}"),
            "Invalid principal in policy");
}

TEST(BucketPolicies, ParseEachPolicyOnce) {
  auto bucket = std::make_shared<Bucket>();
  bucket->name = "b";
  BucketPolicies policies;
  EXPECT_EQ(policies.of(bucket).value(), nullptr);
  auto with_policy = std::make_shared<Bucket>(*bucket);
  with_policy->policy = policy_of(statement(R"("s3:GetObject")", R"("arn:aws:s3:::b/*")"));
  const auto first = policies.of(with_policy).value();
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->is_public);
  EXPECT_EQ(policies.of(with_policy).value(), first);
  EXPECT_NE(policies.of(std::make_shared<Bucket>(*with_policy)).value(), first)
      << "another state of the bucket";
  auto broken = std::make_shared<Bucket>(*bucket);
  broken->policy = "{";
  EXPECT_EQ(policies.of(broken).error().code, "InternalError");
}

}  // namespace
}  // namespace imdsd::s3
