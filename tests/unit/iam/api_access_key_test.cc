// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class AccessKeys : public ::testing::Test {
 protected:
  AccessKeys() { iam_.call("Action=CreateUser&UserName=dev"); }
  std::string make_key() {
    return iam_.call("Action=CreateAccessKey&UserName=dev").text("AccessKeyId");
  }
  support::IamWorld iam_{{user_operations(), access_key_operations()}};
};

TEST_F(AccessKeys, ShowTheirSecretOnceAndAreKept) {
  const auto created = iam_.call("Action=CreateAccessKey&UserName=dev");
  EXPECT_EQ(created.text("UserName"), "dev");
  EXPECT_EQ(created.text("Status"), "Active");
  EXPECT_EQ(created.text("CreateDate"), "2026-01-01T00:00:00Z");
  const std::string id = created.text("AccessKeyId");
  EXPECT_EQ(id.substr(0, 4), "AKIA");
  const auto owner = iam_.service.snapshot()->find_access_key(id);
  ASSERT_TRUE(owner);
  EXPECT_EQ(owner->key->secret.reveal(), created.text("SecretAccessKey"));
  EXPECT_EQ(created.text("SecretAccessKey").size(), 40U);
  const auto listed = iam_.call("Action=ListAccessKeys&UserName=dev");
  EXPECT_EQ(listed.text("AccessKeyId"), id);
  EXPECT_FALSE(listed.has("SecretAccessKey"));
}

TEST_F(AccessKeys, AreTwoAUser) {
  make_key();
  make_key();
  const auto third = iam_.call("Action=CreateAccessKey&UserName=dev");
  EXPECT_EQ(third.status, 409);
  EXPECT_EQ(third.code, "LimitExceeded");
  EXPECT_EQ(third.message, "Cannot exceed quota for AccessKeysPerUser: 2");
}

TEST_F(AccessKeys, AreListedInPages) {
  make_key();
  make_key();
  const auto first = iam_.call("Action=ListAccessKeys&UserName=dev&MaxItems=1");
  EXPECT_EQ(first.text("IsTruncated"), "true");
  const auto second = iam_.call("Action=ListAccessKeys&UserName=dev&Marker=" +
                                base::percent_encode(first.text("Marker")));
  EXPECT_LT(first.text("AccessKeyId"), second.text("AccessKeyId"));
  EXPECT_EQ(second.text("IsTruncated"), "false");
}

TEST_F(AccessKeys, AreSwitchedOffAndOn) {
  const std::string id = make_key();
  const auto active = [&] { return iam_.service.snapshot()->find_access_key(id)->key->active; };
  EXPECT_EQ(
      iam_.call("Action=UpdateAccessKey&UserName=dev&Status=Inactive&AccessKeyId=" + id).status,
      200);
  EXPECT_FALSE(active());
  EXPECT_EQ(iam_.call("Action=ListAccessKeys&UserName=dev").text("Status"), "Inactive");
  iam_.call("Action=UpdateAccessKey&UserName=dev&Status=Active&AccessKeyId=" + id);
  EXPECT_TRUE(active());
  EXPECT_EQ(iam_.call("Action=UpdateAccessKey&UserName=dev&Status=Expired&AccessKeyId=" + id).code,
            "InvalidInput");
  EXPECT_EQ(iam_.call("Action=UpdateAccessKey&UserName=dev&Status=On&AccessKeyId=" + id).message,
            "1 validation error detected: Value at 'status' failed to satisfy constraint: Member "
            "must satisfy enum value set: [Active, Inactive, Expired]");
}

TEST_F(AccessKeys, AreGoneOnceDeleted) {
  const std::string id = make_key();
  EXPECT_EQ(iam_.call("Action=DeleteAccessKey&UserName=dev&AccessKeyId=" + id).status, 200);
  EXPECT_FALSE(iam_.service.snapshot()->find_access_key(id));
  for (const char* action : {"DeleteAccessKey", "UpdateAccessKey"}) {
    const auto gone = iam_.call("Action=" + std::string(action) +
                                "&UserName=dev&Status=Active&AccessKeyId=" + id);
    EXPECT_EQ(gone.code, "NoSuchEntity");
    EXPECT_EQ(gone.message, "The Access Key with id " + id + " cannot be found.");
  }
}

TEST_F(AccessKeys, BelongToOneUserOfOneAccount) {
  const std::string id = make_key();
  iam_.call("Action=CreateUser&UserName=other");
  EXPECT_EQ(iam_.call("Action=DeleteAccessKey&UserName=other&AccessKeyId=" + id).code,
            "NoSuchEntity");
  const auto strange = iam_.call("Action=GetAccessKeyLastUsed&AccessKeyId=" + id,
                                 support::IamWorld::root("999999999999"));
  EXPECT_EQ(strange.status, 403);
  EXPECT_EQ(strange.code, "AccessDenied");
  EXPECT_EQ(strange.message,
            "User: arn:aws:iam::999999999999:root is not authorized to perform "
            "iam:GetAccessKeyLastUsed on resource: access key " +
                id);
  EXPECT_EQ(iam_.call("Action=GetAccessKeyLastUsed&AccessKeyId=AKIAIOSFODNN7EXAMPLE").code,
            "AccessDenied");
}

TEST_F(AccessKeys, TellWhenTheyWereLastUsed) {
  const std::string id = make_key();
  const auto never = iam_.call("Action=GetAccessKeyLastUsed&AccessKeyId=" + id);
  EXPECT_EQ(never.resource, "arn:aws:iam::123456789012:user/dev");
  EXPECT_EQ(never.text("UserName"), "dev");
  EXPECT_EQ(never.text("ServiceName"), "N/A");
  EXPECT_EQ(never.text("Region"), "N/A");
  EXPECT_FALSE(never.has("LastUsedDate"));
  iam_.usage.note({id, iam_.clock.now(), "sts", "eu-west-1"});
  const auto used = iam_.call("Action=GetAccessKeyLastUsed&AccessKeyId=" + id);
  EXPECT_EQ(used.text("LastUsedDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(used.text("ServiceName"), "sts");
  EXPECT_EQ(used.text("Region"), "eu-west-1");
}

TEST_F(AccessKeys, OfTheCallerNeedAUser) {
  iam_.mode = AuthMode::audit;
  EXPECT_EQ(iam_.call("Action=CreateAccessKey", iam_.user("dev")).text("UserName"), "dev");
  const auto root = iam_.call("Action=CreateAccessKey");
  EXPECT_EQ(root.code, "ValidationError");
  EXPECT_EQ(root.message, "Must specify userName when calling with non-User credentials");
}

TEST_F(AccessKeys, RootHasNone) {
  const auto root = iam_.call("Action=ListAccessKeys");
  EXPECT_EQ(root.status, 200);
  EXPECT_EQ(root.resource, "arn:aws:iam::123456789012:root");
  EXPECT_TRUE(root.texts("AccessKeyId").empty());
  for (const char* call : {"DeleteAccessKey", "UpdateAccessKey&Status=Inactive"}) {
    const auto gone =
        iam_.call("Action=" + std::string(call) + "&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
    EXPECT_EQ(gone.status, 404) << call;
    EXPECT_EQ(gone.message, "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.");
    EXPECT_EQ(gone.resource, "arn:aws:iam::123456789012:root") << call;
  }
}

TEST_F(AccessKeys, HaveIdsOfALength) {
  EXPECT_EQ(iam_.call("Action=DeleteAccessKey&UserName=dev&AccessKeyId=AKIA-").message,
            "2 validation errors detected: Value at 'accessKeyId' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w]+; Value at 'accessKeyId' failed "
            "to satisfy constraint: Member must have length greater than or equal to 16");
}

}  // namespace
}  // namespace imdsd::iam::api
