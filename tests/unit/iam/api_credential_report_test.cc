// SPDX-License-Identifier: MIT
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class CredentialReport : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> lines() {
    iam_.call("Action=GenerateCredentialReport");
    std::istringstream csv(
        base::base64_decode(iam_.call("Action=GetCredentialReport").text("Content")).value_or(""));
    std::vector<std::string> out;
    for (std::string line; std::getline(csv, line);) out.push_back(line);
    return out;
  }
  support::IamWorld iam_{
      {user_operations(), login_operations(), access_key_operations(), account_operations()}};
};

TEST_F(CredentialReport, IsMadeOnRequestAndGoodForFourHours) {
  const auto none = iam_.call("Action=GetCredentialReport");
  EXPECT_EQ(none.status, 410);
  EXPECT_EQ(none.code, "ReportNotPresent");
  EXPECT_EQ(none.message, "");
  const auto started = iam_.call("Action=GenerateCredentialReport");
  EXPECT_EQ(started.text("State"), "STARTED");
  EXPECT_EQ(started.text("Description"), "No report exists. Starting a new report generation task");
  iam_.clock.advance(std::chrono::hours(3));
  EXPECT_EQ(iam_.call("Action=GenerateCredentialReport").text("State"), "COMPLETE");
  const auto report = iam_.call("Action=GetCredentialReport");
  EXPECT_EQ(report.text("ReportFormat"), "text/csv");
  EXPECT_EQ(report.text("GeneratedTime"), "2026-01-01T00:00:00Z");
  iam_.clock.advance(std::chrono::hours(1));
  const auto expired = iam_.call("Action=GetCredentialReport");
  EXPECT_EQ(expired.status, 410);
  EXPECT_EQ(expired.code, "ReportExpired");
  EXPECT_EQ(iam_.call("Action=GenerateCredentialReport").text("State"), "STARTED");
}

TEST_F(CredentialReport, IsOfOneAccount) {
  iam_.call("Action=GenerateCredentialReport");
  EXPECT_EQ(iam_.call("Action=GetCredentialReport", support::IamWorld::root("999999999999")).code,
            "ReportNotPresent");
}

TEST_F(CredentialReport, HasTheColumnsOfAws) {
  const auto report = lines();
  ASSERT_EQ(report.size(), 2U);
  EXPECT_EQ(report[0],
            "user,arn,user_creation_time,password_enabled,password_last_used,"
            "password_last_changed,password_next_rotation,mfa_active,access_key_1_active,"
            "access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
            "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
            "access_key_2_last_used_date,access_key_2_last_used_region,"
            "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
            "cert_2_last_rotated");
  EXPECT_EQ(report[1],
            "<root_account>,arn:aws:iam::123456789012:root,2026-01-01T00:00:00+00:00,"
            "not_supported,no_information,not_supported,not_supported,false,false,N/A,N/A,N/A,N/A,"
            "false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
}

TEST_F(CredentialReport, TellsOfPasswordsAndKeys) {
  iam_.call("Action=CreateUser&UserName=b&Path=/p/");
  iam_.clock.advance(std::chrono::hours(24));
  iam_.call("Action=UpdateAccountPasswordPolicy&MaxPasswordAge=10");
  iam_.call("Action=CreateLoginProfile&UserName=b&Password=secret");
  const std::string key = iam_.call("Action=CreateAccessKey&UserName=b").text("AccessKeyId");
  iam_.call("Action=UpdateAccessKey&UserName=b&Status=Inactive&AccessKeyId=" + key);
  iam_.usage.note({key, iam_.clock.now(), "sts", "eu-west-1"});
  iam_.call("Action=CreateUser&UserName=a,c");
  const std::string d = iam_.call("Action=CreateUser&UserName=d").text("UserId");
  iam_.call("Action=CreateLoginProfile&UserName=d&Password=secret");
  iam_.usage.note({d, iam_.clock.now() + std::chrono::hours(1), "signin", "eu-west-1"});
  const auto report = lines();
  ASSERT_EQ(report.size(), 5U);
  EXPECT_EQ(report[2],
            "\"a,c\",\"arn:aws:iam::123456789012:user/a,c\",2026-01-02T00:00:00+00:00,false,N/A,"
            "N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
  EXPECT_EQ(report[3],
            "b,arn:aws:iam::123456789012:user/p/b,2026-01-01T00:00:00+00:00,true,no_information,"
            "2026-01-02T00:00:00+00:00,2026-01-12T00:00:00+00:00,false,false,"
            "2026-01-02T00:00:00+00:00,2026-01-02T00:00:00+00:00,eu-west-1,sts,false,N/A,N/A,N/A,"
            "N/A,false,N/A,false,N/A");
  EXPECT_EQ(report[4].substr(0, report[4].find(",2026-01-12")),
            "d,arn:aws:iam::123456789012:user/d,2026-01-02T00:00:00+00:00,true,"
            "2026-01-02T01:00:00+00:00,2026-01-02T00:00:00+00:00");
}

}  // namespace
}  // namespace imdsd::iam::api
