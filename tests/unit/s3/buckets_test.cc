// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <tuple>

#include "tests/unit/s3/service_fixture.h"

namespace imdsd::s3 {
namespace {

using support::kS3OtherAccount;
using support::S3World;

class Buckets : public S3ServiceTest {};

std::string constraint(const std::string& region) {
  return "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
         "<LocationConstraint>" +
         region + "</LocationConstraint></CreateBucketConfiguration>";
}

TEST_F(Buckets, AreMadeFoundListedAndDeleted) {
  const Called made = call("PUT", "/photos");
  EXPECT_EQ(made.status, 200) << made.message;
  EXPECT_EQ(made.header("Location"), "/photos");
  EXPECT_EQ(made.header("x-amz-bucket-arn"), "arn:aws:s3:::photos");
  const Called head = call("HEAD", "/photos");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("x-amz-bucket-region"), "us-east-1");
  EXPECT_EQ(head.header("x-amz-access-point-alias"), "false");
  EXPECT_TRUE(call("GET", "/").has("<Name>photos</Name>"));
  EXPECT_EQ(call("PUT", "/photos").status, 200) << "us-east-1 says so to the owner";
  EXPECT_EQ(call("DELETE", "/photos").status, 204);
  EXPECT_EQ(call("HEAD", "/photos").code, "NoSuchBucket");
  EXPECT_FALSE(call("GET", "/").has("photos"));
}

TEST_F(Buckets, AreMadeWithAllPublicAccessBlockedAndAclsOff) {
  call("PUT", "/photos");
  const Called block = call("GET", "/photos?publicAccessBlock");
  for (const auto* setting :
       {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}) {
    EXPECT_EQ(block.element(setting), "true") << setting;
  }
  EXPECT_EQ(call("GET", "/photos?ownershipControls").element("ObjectOwnership"),
            "BucketOwnerEnforced");
  EXPECT_TRUE(call("GET", "/photos?acl").has("FULL_CONTROL"));
  EXPECT_TRUE(call("GET", "/photos?encryption").has("AES256"));
  EXPECT_FALSE(call("GET", "/photos?versioning").has("Status"));
}

TEST_F(Buckets, HaveTheRegionThatWasAskedFor) {
  EXPECT_EQ(call("PUT", "/one", constraint("eu-west-1")).status, 200);
  EXPECT_EQ(call("GET", "/one?location").element("LocationConstraint"), "(none)")
      << "it has attributes";
  EXPECT_TRUE(call("GET", "/one?location").has(">eu-west-1</LocationConstraint>"));
  region_ = "ap-southeast-1";
  EXPECT_EQ(call("HEAD", "/one").status, 200) << "every region serves every bucket";
  EXPECT_EQ(call("PUT", "/two").code, "IllegalLocationConstraintException");
  EXPECT_EQ(call("PUT", "/two", constraint("eu-west-1")).code,
            "IllegalLocationConstraintException");
  EXPECT_EQ(call("PUT", "/two", constraint("ap-southeast-1")).header("Location"),
            "http://two.127.0.0.1:1339/");
  EXPECT_EQ(call("PUT", "/two", constraint("ap-southeast-1")).code, "BucketAlreadyOwnedByYou");
  EXPECT_EQ(call("PUT", "/three", constraint("nowhere")).code, "InvalidLocationConstraint");
}

TEST_F(Buckets, BelongToTheAccountThatMadeThem) {
  call("PUT", "/photos");
  caller_ = S3World::root(kS3OtherAccount);
  EXPECT_EQ(call("PUT", "/photos").code, "BucketAlreadyExists");
  const Called head = call("HEAD", "/photos");
  EXPECT_EQ(head.code, "AccessDenied");
  EXPECT_EQ(head.message, "Access Denied");
  EXPECT_FALSE(call("GET", "/").has("photos"));
  caller_ = S3World::anonymous();
  EXPECT_EQ(call("PUT", "/other").code, "AccessDenied");
}

TEST_F(Buckets, WithObjectsStay) {
  call("PUT", "/photos");
  call("PUT", "/photos/k", "hello");
  EXPECT_EQ(call("DELETE", "/photos").code, "BucketNotEmpty");
  call("DELETE", "/photos/k");
  EXPECT_EQ(call("DELETE", "/photos").status, 204);
}

TEST_F(Buckets, AreRefusedToWhoeverExpectsAnotherOwner) {
  call("PUT", "/photos");
  EXPECT_EQ(call("HEAD", "/photos", "", {{"x-amz-expected-bucket-owner", "123456789012"}}).status,
            200);
  EXPECT_EQ(call("HEAD", "/photos", "", {{"x-amz-expected-bucket-owner", "210987654321"}}).code,
            "AccessDenied");
  EXPECT_EQ(call("HEAD", "/photos", "", {{"x-amz-expected-bucket-owner", "me"}}).code,
            "InvalidBucketOwnerAWSAccountID");
}

TEST_F(Buckets, EachCallIsDecided) {
  call("PUT", "/photos");
  world_.users[0].policies.clear();
  caller_ = world_.user("dev");
  for (const auto& [method, target, action] :
       {std::tuple("GET", "/", "s3:ListAllMyBuckets"), std::tuple("PUT", "/new", "s3:CreateBucket"),
        std::tuple("HEAD", "/photos", "s3:ListBucket"),
        std::tuple("DELETE", "/photos", "s3:DeleteBucket"),
        std::tuple("GET", "/photos?list-type=2", "s3:ListBucket"),
        std::tuple("GET", "/photos?location", "s3:GetBucketLocation"),
        std::tuple("GET", "/photos?policy", "s3:GetBucketPolicy"),
        std::tuple("GET", "/photos?policyStatus", "s3:GetBucketPolicyStatus"),
        std::tuple("DELETE", "/photos?policy", "s3:DeleteBucketPolicy"),
        std::tuple("GET", "/photos?tagging", "s3:GetBucketTagging"),
        std::tuple("GET", "/photos?publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        std::tuple("DELETE", "/photos?publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        std::tuple("GET", "/photos?ownershipControls", "s3:GetBucketOwnershipControls"),
        std::tuple("GET", "/photos?uploads", "s3:ListBucketMultipartUploads")}) {
    const Called denied = call(method, target);
    EXPECT_EQ(denied.code, "AccessDenied") << target;
    EXPECT_NE(denied.message.find(" is not authorized to perform: " + std::string(action) + " "),
              std::string::npos)
        << denied.message;
  }
}

// What is set on a bucket.

constexpr std::string_view kTagging =
    "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>";

TEST_F(Buckets, KeepTheirTags) {
  call("PUT", "/photos");
  EXPECT_EQ(call("GET", "/photos?tagging").code, "NoSuchTagSet");
  EXPECT_EQ(call("PUT", "/photos?tagging", std::string(kTagging)).status, 204);
  EXPECT_EQ(call("GET", "/photos?tagging").element("Value"), "blue");
  EXPECT_EQ(call("DELETE", "/photos?tagging").status, 204);
  EXPECT_EQ(call("GET", "/photos?tagging").code, "NoSuchTagSet");
}

TEST_F(Buckets, KeepTheirPolicyAndSayWhetherItIsPublic) {
  call("PUT", "/photos");
  EXPECT_EQ(call("GET", "/photos?policy").code, "NoSuchBucketPolicy");
  EXPECT_EQ(call("GET", "/photos?policyStatus").code, "NoSuchBucketPolicy");
  const std::string policy = support::policy_of(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/dev"},)"
      R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"})");
  EXPECT_EQ(call("PUT", "/photos?policy", policy).status, 204);
  const Called got = call("GET", "/photos?policy");
  EXPECT_EQ(got.body, policy);
  EXPECT_EQ(got.header("Content-Type"), "application/json");
  EXPECT_EQ(call("GET", "/photos?policyStatus").element("IsPublic"), "false");
  EXPECT_EQ(call("PUT", "/photos?policy", "{}").code, "MalformedPolicy");
  EXPECT_EQ(call("DELETE", "/photos?policy").status, 204);
  EXPECT_EQ(call("GET", "/photos?policy").code, "NoSuchBucketPolicy");
}

TEST_F(Buckets, TakeNoPublicPolicyUnlessTheBlockIsLifted) {
  call("PUT", "/photos");
  const std::string open =
      support::policy_of(R"({"Effect":"Allow","Principal":"*","Action":"s3:GetObject",)"
                         R"("Resource":"arn:aws:s3:::photos/*"})");
  const Called blocked = call("PUT", "/photos?policy", open);
  EXPECT_EQ(blocked.code, "AccessDenied");
  EXPECT_EQ(blocked.message,
            "User: arn:aws:iam::123456789012:user/dev is not authorized to perform: "
            "s3:PutBucketPolicy on resource: \"arn:aws:s3:::photos\" because public policies are "
            "prevented by the BlockPublicPolicy setting in S3 Block Public Access.");
  call("PUT", "/photos?publicAccessBlock",
       "<PublicAccessBlockConfiguration><RestrictPublicBuckets>true</RestrictPublicBuckets>"
       "</PublicAccessBlockConfiguration>");
  EXPECT_EQ(call("PUT", "/photos?policy", open).status, 204);
  EXPECT_EQ(call("GET", "/photos?policyStatus").element("IsPublic"), "true");
  call("PUT", "/photos/k", "hello");
  caller_ = S3World::anonymous();
  EXPECT_EQ(call("GET", "/photos/k").code, "AccessDenied") << "restricted";
  caller_ = world_.user("dev");
  EXPECT_EQ(call("DELETE", "/photos?publicAccessBlock").status, 204);
  EXPECT_EQ(call("GET", "/photos?publicAccessBlock").code, "NoSuchPublicAccessBlockConfiguration");
  caller_ = S3World::anonymous();
  EXPECT_EQ(call("GET", "/photos/k").body, "hello");
}

TEST_F(Buckets, PoliciesAreTheOwningAccountsBusiness) {
  call("PUT", "/photos");
  set_policy("photos", R"({"Effect":"Allow","Principal":{"AWS":"210987654321"},"Action":"s3:*",)"
                       R"("Resource":"arn:aws:s3:::photos"})");
  caller_ = S3World::root(kS3OtherAccount);
  EXPECT_EQ(call("HEAD", "/photos").status, 200);
  EXPECT_EQ(call("GET", "/photos?policy").code, "MethodNotAllowed");
}

TEST_F(Buckets, KeepTheirOwnershipControls) {
  call("PUT", "/photos");
  const std::string preferred =
      "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule>"
      "</OwnershipControls>";
  EXPECT_EQ(call("PUT", "/photos?ownershipControls", preferred).status, 200);
  EXPECT_EQ(call("GET", "/photos?ownershipControls").element("ObjectOwnership"),
            "BucketOwnerPreferred");
  EXPECT_EQ(call("DELETE", "/photos?ownershipControls").status, 204);
  EXPECT_EQ(call("GET", "/photos?ownershipControls").code, "OwnershipControlsNotFoundError");
}

TEST_F(Buckets, ADocumentIsHeldAgainstItsDigest) {
  call("PUT", "/photos");
  EXPECT_EQ(call("PUT", "/photos?tagging", std::string(kTagging), {{"Content-MD5", "AAAA"}}).code,
            "InvalidDigest");
  EXPECT_EQ(call("GET", "/photos?tagging").code, "NoSuchTagSet");
}

TEST_F(Buckets, AFullDiskIsToldAndPasses) {
  index_.fail_next = true;
  const Called full = call("PUT", "/photos");
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.code, "ServiceUnavailable");
  EXPECT_EQ(call("PUT", "/photos").status, 200);
}

TEST_F(Buckets, ANewBucketMayBeAskedToBePrivate) {
  EXPECT_EQ(call("PUT", "/private-box", "", {{"x-amz-acl", "private"}}).status, 200);
  EXPECT_EQ(call("PUT", "/public-box", "", {{"x-amz-acl", "public-read"}}).code,
            "InvalidBucketAclWithObjectOwnership");
}

}  // namespace
}  // namespace imdsd::s3
