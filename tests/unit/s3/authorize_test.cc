// SPDX-License-Identifier: MIT
// Decisions of S3: whose policies count, what the caller is told, which condition keys there are.
#include "s3/authorize.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"
#include "tests/support/s3_world.h"

namespace imdsd::s3 {
namespace {

using support::kS3Account;
using support::kS3OtherAccount;
using support::policy_of;
using support::S3World;

constexpr std::string_view kAllowObjects =
    R"({"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*"})";
constexpr std::string_view kDenyAll =
    R"({"Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]})";

std::string of_bucket(std::string_view effect, std::string_view principal,
                      std::string_view condition = {}) {
  std::string text = R"({"Effect":")" + std::string(effect) + R"(","Principal":)" +
                     std::string(principal) +
                     R"(,"Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"])";
  if (!condition.empty()) text += R"(,"Condition":)" + std::string(condition);
  return text + "}";
}

constexpr std::string_view kApp = R"({"AWS":"arn:aws:iam::123456789012:role/app"})";
constexpr std::string_view kDev = R"({"AWS":"arn:aws:iam::123456789012:user/dev"})";

class Authorize : public testing::Test {
 protected:
  Authorize() {
    world_.roles.push_back({.name = "app"});
    world_.users.push_back({.name = "dev"});
    world_.users.push_back({.name = "guest", .account = std::string(kS3OtherAccount)});
  }

  /// A bucket whose policy has these statements; none: no policy.
  DecidedBucket bucket(const std::string& statements, const PublicAccessBlock& block = {}) {
    auto made = std::make_shared<Bucket>();
    made->name = "b";
    made->owner = kS3Account;
    made->public_access_block = block;
    if (!statements.empty()) {
      made->policy =
          parse_bucket_policy(policy_of(statements), "b", *world_.realm().directory).value();
    }
    DecidedBucket decided;
    decided.policy = policies_.of(made).value();
    decided.bucket = std::move(made);
    return decided;
  }

  /// The message of the refusal; empty: it may be done.
  std::string refusal(const iam::Caller& caller, const DecidedBucket& bucket,
                      std::string_view action = "s3:GetObject") {
    const Address address{.bucket = "b", .key = "k"};
    const auto operation = find_operation(http_, address);
    const Realm realm = world_.realm();
    Request request{.http = http_,
                    .address = address,
                    .operation = **operation,
                    .caller = caller,
                    .signed_by = signed_by_,
                    .algorithm = "AWS4-HMAC-SHA256",
                    .signed_at = world_.clock.now() - std::chrono::seconds(2),
                    .realm = realm,
                    .now = world_.clock.now(),
                    .region = "us-east-1"};
    Authorizer authorizer(request);
    const bool of_object = action.find("Object") != std::string_view::npos;
    const auto error = authorizer.refuse(
        {.action = action,
         .resource = of_object ? object_arn(realm, "b", "k") : bucket_arn(realm, "b"),
         .bucket = &bucket,
         .more = &more_});
    findings_ = authorizer.findings();
    EXPECT_TRUE(!error || error->code == "AccessDenied");
    return error ? error->message : "";
  }

  S3World world_;
  BucketPolicies policies_;
  base::HttpRequest http_ = fakes::HttpRequestBuilder("GET", "/b/k").from("10.1.2.3:4000").build();
  SignedBy signed_by_ = SignedBy::header;
  iam::ConditionKeys more_;
  Findings findings_;
};

constexpr std::string_view kNobodyAllows =
    "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform: "
    "s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the "
    "s3:GetObject action";

struct ClassicCase {
  std::string_view name;
  std::string_view identity;  // statements; empty: no policy
  std::string bucket;
  std::string_view refusal;
};

const ClassicCase kClassic[] = {
    {"IdentityOnly", kAllowObjects, "", ""},
    {"BucketDenies", kAllowObjects, of_bucket("Deny", kApp),
     "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform: "
     "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a resource-based "
     "policy"},
    {"BucketAllows", "", of_bucket("Allow", kApp), ""},
    {"IdentityDenies", kDenyAll, of_bucket("Allow", kApp),
     "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform: "
     "s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in an identity-based "
     "policy"},
    {"NobodyAllows", "", "", kNobodyAllows},
    {"BucketAllowsSomebodyElse", "", of_bucket("Allow", kDev), kNobodyAllows},
    {"BucketDelegatesToTheAccount", "", of_bucket("Allow", R"({"AWS":"123456789012"})"),
     kNobodyAllows},
    {"BothDelegatedAndAllowed", kAllowObjects, of_bucket("Allow", R"({"AWS":"123456789012"})"), ""},
};

class ClassicCases : public Authorize, public testing::WithParamInterface<ClassicCase> {};

// A role of an instance, in the four ways in which identity and bucket can disagree, and more.
TEST_P(ClassicCases, DecideTheRoleOfAnInstance) {
  if (!GetParam().identity.empty()) world_.roles[0].policies = {policy_of(GetParam().identity)};
  EXPECT_EQ(refusal(world_.session("app"), bucket(GetParam().bucket)), GetParam().refusal);
  EXPECT_EQ(findings_.resource, "arn:aws:s3:::b/k");
  EXPECT_EQ(findings_.decision->allowed(), GetParam().refusal.empty());
  EXPECT_EQ(static_cast<bool>(findings_.explanation), !GetParam().refusal.empty());
  EXPECT_EQ(findings_.permissions,
            (std::vector<iam::Permission>{
                {"s3:GetObject", "arn:aws:s3:::b/k", "", GetParam().refusal.empty()}}));
}

INSTANTIATE_TEST_SUITE_P(Table, ClassicCases, testing::ValuesIn(kClassic),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Authorize, TheOwnersRootNeedsNoPolicyAndRepairsTheBuckets) {
  EXPECT_EQ(refusal(S3World::root(), bucket("")), "");
  const auto locked = bucket(of_bucket("Deny", R"("*")"));
  EXPECT_NE(refusal(S3World::root(), locked), "");
  for (const auto* action : {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}) {
    EXPECT_EQ(refusal(S3World::root(), locked, action), "") << action;
  }
  world_.users[0].policies = {policy_of(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})")};
  EXPECT_NE(refusal(world_.user("dev"), locked, "s3:DeleteBucketPolicy"), "") << "root alone";
}

TEST_F(Authorize, ABoundaryAndASessionPolicyLimitWhatIdentityAllows) {
  world_.roles[0].policies = {policy_of(kAllowObjects)};
  const std::string only_puts =
      policy_of(R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"})");
  EXPECT_EQ(refusal(world_.session("app", "i-1", {only_puts}), bucket("")),
            "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform: "
            "s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no session policy allows the "
            "s3:GetObject action");
  world_.roles[0].boundary = only_puts;
  EXPECT_EQ(refusal(world_.session("app"), bucket("")),
            "User: arn:aws:sts::123456789012:assumed-role/app/i-1 is not authorized to perform: "
            "s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no permissions boundary allows "
            "the s3:GetObject action");
  EXPECT_EQ(refusal(world_.session("app"), bucket(""), "s3:PutObject"), "");
}

TEST_F(Authorize, AnotherAccountNeedsBothSidesAndIsToldNoReason) {
  const auto guest = [this] { return world_.user("guest", kS3OtherAccount); };
  const auto shared = bucket(of_bucket("Allow", R"({"AWS":"210987654321"})"));
  EXPECT_EQ(refusal(guest(), shared), "Access Denied") << "its own account does not allow";
  world_.users[1].policies = {policy_of(kAllowObjects)};
  EXPECT_EQ(refusal(guest(), shared), "");
  EXPECT_EQ(refusal(guest(), bucket("")), "Access Denied");
}

TEST_F(Authorize, TheAnonymousHaveWhatThePolicyGivesToEverybody) {
  EXPECT_EQ(refusal(S3World::anonymous(), bucket("")), "Access Denied");
  const auto open = of_bucket("Allow", R"("*")");
  EXPECT_EQ(refusal(S3World::anonymous(), bucket(open)), "");
  EXPECT_EQ(refusal(S3World::anonymous(), bucket(of_bucket("Allow", kDev))), "Access Denied");
}

TEST_F(Authorize, RestrictPublicBucketsKeepsAPublicPolicyWithinTheAccount) {
  world_.users[1].policies = {policy_of(kAllowObjects)};
  const PublicAccessBlock block{.restrict_public_buckets = true};
  const auto open = bucket(of_bucket("Allow", R"("*")"), block);
  EXPECT_EQ(refusal(S3World::anonymous(), open), "Access Denied");
  EXPECT_EQ(findings_.decision->reason, iam::Decision::Reason::explicit_deny);
  EXPECT_EQ(refusal(world_.user("guest", kS3OtherAccount), open), "Access Denied");
  EXPECT_NE(findings_.explanation.text().find("no RestrictPublicBuckets"), std::string::npos)
      << findings_.explanation.text();
  EXPECT_EQ(refusal(world_.user("dev"), open), "") << "of the bucket's account";
  const auto shared = bucket(of_bucket("Allow", R"({"AWS":"210987654321"})"), block);
  EXPECT_EQ(refusal(world_.user("guest", kS3OtherAccount), shared), "") << "not public";
}

TEST_F(Authorize, ControlPoliciesBindCallersAndBuckets) {
  world_.users[0].policies = {policy_of(kAllowObjects)};
  const auto named = [](std::string_view statements) {
    return iam::NamedPolicy{
        "limit", "",
        std::make_shared<const iam::PolicyDocument>(
            iam::parse_policy(policy_of(statements), iam::PolicyKind::identity).value().document)};
  };
  world_.control_policies[std::string(kS3Account)].service_control = {
      named(R"({"Effect":"Allow","Action":"ec2:*","Resource":"*"})")};
  EXPECT_EQ(
      refusal(world_.user("dev"), bucket("")),
      "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: s3:GetObject on "
      "resource: \"arn:aws:s3:::b/k\" because no service control policy allows the "
      "s3:GetObject action");
}

TEST_F(Authorize, AuditLetsPassAndTellsOffDoesNotDecide) {
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(refusal(world_.user("dev"), bucket("")), "");
  EXPECT_TRUE(findings_.would_deny);
  EXPECT_FALSE(findings_.decision->allowed());
  EXPECT_TRUE(findings_.explanation);
  world_.mode = iam::AuthMode::off;
  EXPECT_EQ(refusal(world_.user("dev"), bucket("")), "");
  EXPECT_FALSE(findings_.would_deny);
  EXPECT_FALSE(findings_.decision);
}

struct KeyCase {
  std::string_view name;
  std::string_view condition;  // of a bucket policy that allows the user
  bool holds = true;
};

constexpr KeyCase kKeys[] = {
    {"AuthType", R"({"StringEquals":{"s3:authType":"REST-HEADER"}})"},
    {"SignatureVersion", R"({"StringEquals":{"s3:signatureversion":"AWS4-HMAC-SHA256"}})"},
    {"SignatureAge", R"({"NumericLessThan":{"s3:signatureAge":"2001"}})"},
    {"SignatureTooOld", R"({"NumericLessThan":{"s3:signatureAge":"2000"}})", false},
    {"ResourceAccount", R"({"StringEquals":{"aws:ResourceAccount":"123456789012"}})"},
    {"S3ResourceAccount", R"({"StringEquals":{"s3:ResourceAccount":"123456789012"}})"},
    {"Encryption", R"({"StringEquals":{"s3:x-amz-server-side-encryption":"AES256"}})"},
    {"NoAcl", R"({"Null":{"s3:x-amz-acl":"true"}})"},
    {"ContentHash", R"({"StringEquals":{"s3:x-amz-content-sha256":"UNSIGNED-PAYLOAD"}})"},
    {"OnlyNew", R"({"StringEquals":{"s3:if-none-match":"*"}})"},
    {"ExistingTag", R"({"StringEquals":{"s3:ExistingObjectTag/team":"blue"}})"},
    {"OtherTag", R"({"StringEquals":{"s3:ExistingObjectTag/team":"red"}})", false},
    {"SourceIp", R"({"IpAddress":{"aws:SourceIp":"10.1.0.0/16"}})"},
    {"Tls", R"({"Bool":{"aws:SecureTransport":"true"}})", false},
    {"TlsVersion", R"({"NumericGreaterThanEquals":{"s3:TlsVersion":"1.2"}})"},
    {"OlderTls", R"({"NumericLessThan":{"s3:TlsVersion":1.2}})", false},
    {"Username", R"({"StringEquals":{"aws:username":"dev"}})"},
};

class S3ConditionKey : public Authorize, public testing::WithParamInterface<KeyCase> {};

TEST_P(S3ConditionKey, IsThere) {
  http_.headers.add("x-amz-server-side-encryption", "AES256");
  http_.headers.add("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  http_.headers.add("If-None-Match", "*");
  http_.tls_version = "1.2";
  more_.set("s3:ExistingObjectTag/team", std::string("blue"));
  const auto open = bucket(of_bucket("Allow", kDev, GetParam().condition));
  EXPECT_EQ(refusal(world_.user("dev"), open).empty(), GetParam().holds);
}

INSTANTIATE_TEST_SUITE_P(Table, S3ConditionKey, testing::ValuesIn(kKeys),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Authorize, APresignedUrlAndAnAnonymousRequestHaveOtherKeys) {
  const auto by_url =
      bucket(of_bucket("Allow", kDev, R"({"StringEquals":{"s3:authType":"REST-QUERY-STRING"}})"));
  EXPECT_NE(refusal(world_.user("dev"), by_url), "");
  signed_by_ = SignedBy::query;
  EXPECT_EQ(refusal(world_.user("dev"), by_url), "");
  signed_by_ = SignedBy::nobody;
  const auto unsigned_only =
      bucket(of_bucket("Allow", R"("*")", R"({"Null":{"s3:authType":"true"}})"));
  EXPECT_EQ(refusal(S3World::anonymous(), unsigned_only), "");
}

TEST_F(Authorize, AListIsDecidedByItsPrefix) {
  http_.target = "/b?list-type=2&prefix=home%2Fdev%2F&delimiter=%2F&max-keys=10";
  const auto home = bucket(of_bucket(
      "Allow", kDev,
      R"({"StringLike":{"s3:prefix":"home/${aws:username}/*"},"StringEquals":{"s3:delimiter":"/"},)"
      R"("NumericLessThanEquals":{"s3:max-keys":"10"}})"));
  // The address of the list is the bucket's.
  const Address address{.bucket = "b"};
  const auto operation = find_operation(http_, address);
  const Realm realm = world_.realm();
  const auto caller = world_.user("dev");
  Request request{.http = http_,
                  .address = address,
                  .operation = **operation,
                  .caller = caller,
                  .realm = realm,
                  .now = world_.clock.now(),
                  .region = ""};
  const Question question{
      .action = "s3:ListBucket", .resource = bucket_arn(realm, "b"), .bucket = &home};
  EXPECT_FALSE(Authorizer(request).refuse(question));
  http_.target = "/b?list-type=2&prefix=home%2Fops%2F&delimiter=%2F&max-keys=10";
  EXPECT_TRUE(Authorizer(request).refuse(question));
}

TEST_F(Authorize, AListOfBucketsIsAboutAllOfThemAndItsRefusalNamesNone) {
  http_.target = "/";
  const Address address;
  const auto operation = find_operation(http_, address);
  const auto caller = world_.user("dev");
  const Realm realm = world_.realm();
  Request request{.http = http_,
                  .address = address,
                  .operation = **operation,
                  .caller = caller,
                  .realm = realm,
                  .now = world_.clock.now(),
                  .region = ""};
  const Question question{.action = "s3:ListAllMyBuckets", .resource = bucket_arn(realm, "*")};
  const auto error = Authorizer(request).refuse(question);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message,
            "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
            "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets "
            "action");
}

}  // namespace
}  // namespace imdsd::s3
