// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "base/totp.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class Accounts : public ::testing::Test {
 protected:
  support::IamWorld iam_{{user_operations(), group_operations(), mfa_operations(),
                          login_operations(), access_key_operations(), account_operations()}};
};

TEST_F(Accounts, HaveOneAlias) {
  EXPECT_TRUE(iam_.call("Action=ListAccountAliases").has("AccountAliases"));
  EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=first").status, 200);
  EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=second-1").status, 200);
  EXPECT_EQ(iam_.call("Action=ListAccountAliases").texts("member"),
            std::vector<std::string>{"second-1"});
  const auto other = iam_.call("Action=DeleteAccountAlias&AccountAlias=first");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.message, "The account alias with name first cannot be found.");
  EXPECT_EQ(iam_.call("Action=DeleteAccountAlias&AccountAlias=second-1").status, 200);
  EXPECT_TRUE(iam_.call("Action=ListAccountAliases").texts("member").empty());
}

TEST_F(Accounts, ShareNoAlias) {
  iam_.call("Action=CreateAccountAlias&AccountAlias=mine");
  const auto other = support::IamWorld::root("999999999999");
  const auto taken = iam_.call("Action=CreateAccountAlias&AccountAlias=mine", other);
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(taken.message, "The account alias mine already exists.");
  EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=mine").code, "EntityAlreadyExists");
  iam_.call("Action=DeleteAccountAlias&AccountAlias=mine");
  EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=mine", other).status, 200);
}

TEST_F(Accounts, HaveAliasesLikeHostNames) {
  for (const char* alias : {"-abc", "abc-", "a--b", "Abc", "a_bc"}) {
    EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=" + std::string(alias)).code,
              "ValidationError")
        << alias;
  }
  EXPECT_EQ(iam_.call("Action=CreateAccountAlias&AccountAlias=ab").message,
            "1 validation error detected: Value at 'accountAlias' failed to satisfy constraint: "
            "Member must have length greater than or equal to 3");
}

TEST_F(Accounts, HaveAPasswordPolicyOnceItIsSet) {
  const auto none = iam_.call("Action=GetAccountPasswordPolicy");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.message, "The Password Policy with domain name 123456789012 cannot be found.");
  EXPECT_EQ(iam_.call("Action=DeleteAccountPasswordPolicy").message,
            "The account policy with name PasswordPolicy cannot be found.");
  EXPECT_EQ(iam_.call("Action=UpdateAccountPasswordPolicy&MinimumPasswordLength=12"
                      "&RequireSymbols=true&MaxPasswordAge=90&PasswordReusePrevention=5"
                      "&HardExpiry=false")
                .status,
            200);
  const auto policy = iam_.call("Action=GetAccountPasswordPolicy");
  EXPECT_EQ(policy.text("MinimumPasswordLength"), "12");
  EXPECT_EQ(policy.text("RequireSymbols"), "true");
  EXPECT_EQ(policy.text("RequireNumbers"), "false");
  EXPECT_EQ(policy.text("ExpirePasswords"), "true");
  EXPECT_EQ(policy.text("MaxPasswordAge"), "90");
  EXPECT_EQ(policy.text("PasswordReusePrevention"), "5");
  EXPECT_EQ(policy.text("HardExpiry"), "false");
  iam_.call("Action=UpdateAccountPasswordPolicy&AllowUsersToChangePassword=true");
  const auto reset = iam_.call("Action=GetAccountPasswordPolicy");
  EXPECT_EQ(reset.text("MinimumPasswordLength"), "6");
  EXPECT_EQ(reset.text("RequireSymbols"), "false");
  EXPECT_EQ(reset.text("AllowUsersToChangePassword"), "true");
  EXPECT_EQ(reset.text("ExpirePasswords"), "false");
  for (const char* unset : {"MaxPasswordAge", "PasswordReusePrevention", "HardExpiry"}) {
    EXPECT_FALSE(reset.has(unset)) << unset;
  }
  EXPECT_EQ(iam_.call("Action=DeleteAccountPasswordPolicy").status, 200);
  EXPECT_EQ(iam_.call("Action=GetAccountPasswordPolicy").status, 404);
}

TEST_F(Accounts, RefusePoliciesOutOfBounds) {
  EXPECT_EQ(iam_.call("Action=UpdateAccountPasswordPolicy&MinimumPasswordLength=5"
                      "&PasswordReusePrevention=25")
                .message,
            "2 validation errors detected: Value at 'minimumPasswordLength' failed to satisfy "
            "constraint: Member must have value greater than or equal to 6; Value at "
            "'passwordReusePrevention' failed to satisfy constraint: Member must have value less "
            "than or equal to 24");
}

/// The value behind <key>name</key>.
std::string summary(const support::IamAnswer& answer, std::string_view name) {
  const auto keys = answer.texts("key");
  const auto at = std::find(keys.begin(), keys.end(), name);
  return at == keys.end() ? "" : answer.texts("value")[static_cast<std::size_t>(at - keys.begin())];
}

TEST_F(Accounts, AreSummedUp) {
  iam_.call("Action=CreateUser&UserName=a");
  iam_.call("Action=CreateUser&UserName=b");
  iam_.call("Action=CreateGroup&GroupName=g");
  iam_.call("Action=CreateVirtualMFADevice&VirtualMFADeviceName=spare");
  const auto device = iam_.call("Action=CreateVirtualMFADevice&VirtualMFADeviceName=phone");
  const std::string seed =
      base::base32_decode(base::base64_decode(device.text("Base32StringSeed")).value()).value();
  const auto step = base::totp_step(iam_.clock.now());
  iam_.call("Action=EnableMFADevice&UserName=a&SerialNumber=" +
            base::percent_encode(device.text("SerialNumber")) +
            "&AuthenticationCode1=" + base::totp_code(seed, step) +
            "&AuthenticationCode2=" + base::totp_code(seed, step + 1));
  const auto answer = iam_.call("Action=GetAccountSummary");
  EXPECT_TRUE(answer.has("entry"));
  EXPECT_EQ(summary(answer, "Users"), "2");
  EXPECT_EQ(summary(answer, "Groups"), "1");
  EXPECT_EQ(summary(answer, "Roles"), "0");
  EXPECT_EQ(summary(answer, "MFADevices"), "2");
  EXPECT_EQ(summary(answer, "MFADevicesInUse"), "1");
  EXPECT_EQ(summary(answer, "UsersQuota"), "5000");
  EXPECT_EQ(summary(answer, "AccessKeysPerUserQuota"), "2");
  EXPECT_EQ(summary(iam_.call("Action=GetAccountSummary", support::IamWorld::root("999999999999")),
                    "Users"),
            "0");
}

TEST_F(Accounts, ListNoneOfTheCredentialsThatThereAreNot) {
  iam_.call("Action=CreateUser&UserName=dev");
  struct Case {
    std::string action, list;
  };
  for (const auto& [action, list] :
       {Case{"ListSSHPublicKeys", "SSHPublicKeys"}, Case{"ListSigningCertificates", "Certificates"},
        Case{"ListServiceSpecificCredentials", "ServiceSpecificCredentials"}}) {
    const auto listed = iam_.call("Action=" + action + "&UserName=dev");
    EXPECT_TRUE(listed.has(list)) << action;
    EXPECT_EQ(listed.text("IsTruncated"), "false") << action;
    EXPECT_TRUE(iam_.call("Action=" + action).has(list)) << action << " of root";
    EXPECT_EQ(iam_.call("Action=" + action + "&UserName=no").message,
              "The user with name no cannot be found.")
        << action;
  }
  EXPECT_EQ(iam_.call("Action=ListServiceSpecificCredentials&AllUsers=true").status, 200);
  EXPECT_TRUE(
      iam_.call("Action=ListServerCertificates&PathPrefix=/").has("ServerCertificateMetadataList"));
}

}  // namespace
}  // namespace imdsd::iam::api
