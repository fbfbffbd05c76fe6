// SPDX-License-Identifier: MIT
#include "imds/role_documents.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr base::SystemTime kUpdated =
    std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + hours(12) + seconds(1);

aws::Credentials credentials(const std::string& suffix, base::SystemTime expiration) {
  return {.access_key_id = "ASIA" + suffix,
          .secret_access_key = base::Secret("secret/" + suffix + "+="),
          .session_token = base::Secret("token-" + suffix + "=="),
          .expiration = expiration};
}

class RoleDocumentsTest : public testing::Test {
 protected:
  RoleDocumentInput input() const {
    return {.role_name = "app-role",
            .instance_profile_arn = "arn:aws:iam::123456789012:instance-profile/app-role",
            .instance_profile_id = "AIPAEXAMPLE",
            .account_id = "123456789012",
            .last_updated = kUpdated,
            .imdsv1 = &v1_,
            .imdsv2 = &v2_,
            .failure_code = {},
            .failure_message = {}};
  }
  RoleDocumentInput failed(std::string code, std::string message) const {
    RoleDocumentInput in = input();
    in.imdsv1 = in.imdsv2 = nullptr;
    in.failure_code = std::move(code);
    in.failure_message = std::move(message);
    return in;
  }

  aws::Credentials v1_ = credentials("ONE", kUpdated + hours(6));
  aws::Credentials v2_ = credentials("TWO", kUpdated + hours(6) + seconds(1));
};

TEST_F(RoleDocumentsTest, HaveTheLayoutOfEc2) {
  const RoleDocuments documents = render_role_documents(input());
  EXPECT_EQ(documents.role_name, "app-role");
  EXPECT_EQ(documents.credentials_v1,
            "{\n"
            "  \"Code\" : \"Success\",\n"
            "  \"LastUpdated\" : \"2026-01-01T12:00:01Z\",\n"
            "  \"Type\" : \"AWS-HMAC\",\n"
            "  \"AccessKeyId\" : \"ASIAONE\",\n"
            "  \"SecretAccessKey\" : \"secret/ONE+=\",\n"
            "  \"Token\" : \"token-ONE==\",\n"
            "  \"Expiration\" : \"2026-01-01T18:00:01Z\"\n"
            "}");
  EXPECT_EQ(documents.info,
            "{\n"
            "  \"Code\" : \"Success\",\n"
            "  \"LastUpdated\" : \"2026-01-01T12:00:01Z\",\n"
            "  \"InstanceProfileArn\" : \"arn:aws:iam::123456789012:instance-profile/app-role\",\n"
            "  \"InstanceProfileId\" : \"AIPAEXAMPLE\"\n"
            "}");
  EXPECT_EQ(documents.last_modified.text(), "Thu, 01 Jan 2026 12:00:01 GMT");
}

TEST_F(RoleDocumentsTest, KeepTheTwoDeliveriesApart) {
  const RoleDocuments documents = render_role_documents(input());
  EXPECT_NE(documents.credentials_v2.find("\"AccessKeyId\" : \"ASIATWO\""), std::string::npos);
  EXPECT_NE(documents.credentials_v2.find("\"Expiration\" : \"2026-01-01T18:00:02Z\""),
            std::string::npos);
  EXPECT_EQ(documents.credentials_v2.find("ONE"), std::string::npos);
  EXPECT_EQ(documents.extended_v2.find("ONE"), std::string::npos);
  EXPECT_EQ(documents.extended_v1.find("TWO"), std::string::npos);
}

TEST_F(RoleDocumentsTest, NameTheAccountInTheExtendedFormAlone) {
  const RoleDocuments documents = render_role_documents(input());
  const std::string tail =
      "\"Expiration\" : \"2026-01-01T18:00:01Z\",\n  \"AccountId\" : \"123456789012\"\n}";
  EXPECT_TRUE(documents.extended_v1.ends_with(tail)) << documents.extended_v1;
  EXPECT_EQ(documents.credentials_v1.find("AccountId"), std::string::npos);
}

TEST_F(RoleDocumentsTest, EndWithTheFirstOfBothSets) {
  EXPECT_EQ(render_role_documents(input()).expiration, kUpdated + hours(6));
}

TEST_F(RoleDocumentsTest, HoldNoKeysOnceExpired) {
  EXPECT_EQ(render_role_documents(input()).expired,
            "{\n"
            "  \"Code\" : \"Failed\",\n"
            "  \"Message\" : \"The credentials of role app-role expired at 2026-01-01T18:00:01Z "
            "and could not be renewed\",\n"
            "  \"LastUpdated\" : \"2026-01-01T12:00:01Z\"\n"
            "}");
}

TEST_F(RoleDocumentsTest, TellTheKnownFailureOnceExpired) {
  RoleDocumentInput in = input();
  in.failure_code = "AssumeRoleUnauthorizedAccess";
  in.failure_message = "EC2 cannot assume the role.";
  const RoleDocuments documents = render_role_documents(in);
  EXPECT_EQ(documents.expired,
            "{\n"
            "  \"Code\" : \"AssumeRoleUnauthorizedAccess\",\n"
            "  \"Message\" : \"EC2 cannot assume the role.\",\n"
            "  \"LastUpdated\" : \"2026-01-01T12:00:01Z\"\n"
            "}");
  EXPECT_EQ(documents.credentials_v2, render_role_documents(input()).credentials_v2)
      << "while they live, the credentials are what counts";
}

TEST_F(RoleDocumentsTest, TellAFailureWithoutKeys) {
  const RoleDocuments documents = render_role_documents(
      failed("AssumeRoleUnauthorizedAccess", "EC2 cannot assume the role \"app-role\"."));
  EXPECT_EQ(documents.credentials_v1,
            "{\n"
            "  \"Code\" : \"AssumeRoleUnauthorizedAccess\",\n"
            "  \"Message\" : \"EC2 cannot assume the role \\\"app-role\\\".\",\n"
            "  \"LastUpdated\" : \"2026-01-01T12:00:01Z\"\n"
            "}");
  EXPECT_EQ(documents.credentials_v2, documents.credentials_v1);
  EXPECT_EQ(documents.extended_v1, documents.credentials_v1);
  EXPECT_EQ(documents.extended_v2, documents.credentials_v1);
  EXPECT_EQ(documents.expiration, std::nullopt);
  EXPECT_NE(documents.info.find("\"Code\" : \"Success\""), std::string::npos);
}

TEST_F(RoleDocumentsTest, NeverSayWithoutKeysThatAllIsWell) {
  for (RoleDocumentInput in : {failed("", ""), input()}) {
    in.imdsv1 = nullptr;
    const RoleDocuments documents = render_role_documents(in);
    EXPECT_EQ(documents.credentials_v1.find("Success"), std::string::npos);
    EXPECT_NE(documents.credentials_v1.find("\"Code\" : \"Failed\""), std::string::npos);
    EXPECT_EQ(documents.credentials_v2.find("SecretAccessKey"), std::string::npos);
  }
}

TEST_F(RoleDocumentsTest, SayWhenTheProfileIsGone) {
  const auto documents = render_role_documents(failed("InstanceProfileNotFound", "gone"));
  EXPECT_NE(documents.info.find("\"Code\" : \"InstanceProfileNotFound\""), std::string::npos);
}

TEST_F(RoleDocumentsTest, SayWhenTheProfileHasNoRole) {
  RoleDocumentInput in = failed("", "");
  in.role_name.clear();
  const std::string info = render_role_documents(in).info;
  EXPECT_NE(info.find("\"Code\" : \"Success\""), std::string::npos) << info;
  EXPECT_NE(info.find("\"Message\" : \"Instance Profile does not contain a role.\""),
            std::string::npos)
      << info;
}

}  // namespace
}  // namespace imdsd::imds
