// SPDX-License-Identifier: MIT
#include "daemon/config_controls.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/config_fixture.h"

namespace imdsd::daemon {
namespace {

/// One policy of a kind, whose only statement stands in the seventh line, from the first column on.
std::string account(std::string_view kind, std::string_view statement) {
  return "[[iam.account]]\nid = \"123456789012\"\n[[iam.account." + std::string(kind) +
         "]]\nname = \"limit\"\ndocument = '''\n{\"Version\":\"2012-10-17\",\"Statement\":\n" +
         std::string(statement) + "}'''\n";
}

std::string warnings(const std::string& text) {
  const auto loaded = TestConfig{text}.parse();
  return loaded ? TestConfig::lines(loaded->warnings) : TestConfig::lines(loaded.error().problems);
}

TEST(ConfigControls, WarnsOfServiceControlPoliciesThatLockEverybodyOut) {
  EXPECT_EQ(
      warnings(account("service_control",
                       R"({"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"})")),
      "config.toml:3:1: iam.account.0.service_control: no service control policy of the account "
      "allows anything: all that its users, roles and root ask for is denied; beside policies that "
      "deny, AWS has FullAWSAccess, which allows `*`\n");
  EXPECT_EQ(warnings(account("service_control", R"([
    {"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"},
    {"Effect":"Allow","Action":"*","Resource":"*"}])")),
            "");
}

TEST(ConfigControls, WarnsOfAResourceControlPolicyThatAllows) {
  EXPECT_EQ(
      warnings(account("resource_control",
                       R"({"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"})")),
      "config.toml:7:1: iam.account.0.resource_control.0.document: a resource control policy only "
      "denies; AWS refuses one that allows, and this statement changes nothing\n");
  EXPECT_EQ(warnings(account(
                "resource_control",
                R"({"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"*"})")),
            "");
}

TEST(ConfigControls, RefusesAResourceControlPolicyThatNamesPrincipals) {
  for (const char* element : {R"("Principal":{"AWS":"arn:aws:iam::999999999999:user/mallory"})",
                              R"("Principal":{"AWS":["*","999999999999"]})",
                              R"("NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"})"}) {
    const std::string statement =
        R"({"Effect":"Deny",)" + std::string(element) + R"(,"Action":"s3:*","Resource":"*"})";
    EXPECT_EQ(
        TestConfig{account("resource_control", statement)}.problems(),
        "config.toml:7:1: iam.account.0.resource_control.0.document: a resource control policy "
        "binds everybody: its Principal is `*`, and it has no NotPrincipal; a condition on "
        "aws:PrincipalArn can except some\n")
        << element;
  }
}

TEST(ConfigControls, DoNotBindTheManagementAccount) {
  const std::string organization = "[organization]\nmanagement_account = \"123456789012\"\n";
  const std::string text =
      account("service_control", R"({"Effect":"Allow","Action":"ec2:*","Resource":"*"})") +
      organization;
  EXPECT_TRUE(TestConfig{text}.config().control_policies.empty());
  EXPECT_EQ(warnings(text),
            "config.toml:2:6: iam.account.0.id: control policies do not bind the organization's "
            "management account; those of this account change nothing\n");
}

}  // namespace
}  // namespace imdsd::daemon
