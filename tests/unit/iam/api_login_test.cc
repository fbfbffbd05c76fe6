// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "base/password_hash.h"
#include "tests/support/iam_world.h"

namespace imdsd::iam::api {
namespace {

class LoginProfiles : public ::testing::Test {
 protected:
  LoginProfiles() {
    iam_.call("Action=CreateUser&UserName=dev");
    // Nobody gave the user a right; this is about passwords.
    iam_.mode = AuthMode::audit;
  }
  support::IamAnswer create(std::string_view password = "Passw0rd!") {
    return iam_.call("Action=CreateLoginProfile&UserName=dev&Password=" + std::string(password));
  }
  support::IamAnswer change(std::string_view from, std::string_view to) {
    return iam_.call("Action=ChangePassword&OldPassword=" + std::string(from) +
                         "&NewPassword=" + std::string(to),
                     iam_.user("dev"));
  }
  [[nodiscard]] LoginProfile profile() const {
    return iam_.service.snapshot()->find<User>(support::kIamAccount, "dev")->login_profile.value();
  }
  void set_policy(const PasswordPolicy& policy) {
    ASSERT_TRUE(iam_.service.write([&](Transaction& transaction) {
      Account account;
      account.account = account.name = account.unique_id = std::string(support::kIamAccount);
      account.password_policy = policy;
      transaction.put(std::move(account));
      return true;
    }));
  }
  support::IamWorld iam_{{user_operations(), login_operations(), inline_policy_operations()}};
};

TEST_F(LoginProfiles, LiveFromCreationToDeletion) {
  const auto created = iam_.call(
      "Action=CreateLoginProfile&UserName=dev&Password=Passw0rd%21"
      "&PasswordResetRequired=true");
  EXPECT_EQ(created.text("UserName"), "dev");
  EXPECT_EQ(created.text("CreateDate"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(created.text("PasswordResetRequired"), "true");
  EXPECT_TRUE(base::is_password("Passw0rd!", profile().password_hash));
  const auto again = create();
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.message, "Login Profile for user dev already exists.");
  EXPECT_EQ(iam_.call("Action=GetLoginProfile&UserName=dev").text("PasswordResetRequired"), "true");
  EXPECT_EQ(iam_.call("Action=DeleteUser&UserName=dev").message,
            "Cannot delete entity, must delete login profile first.");
  EXPECT_EQ(iam_.call("Action=DeleteLoginProfile&UserName=dev").status, 200);
  for (const char* action : {"GetLoginProfile", "DeleteLoginProfile", "UpdateLoginProfile"}) {
    const auto gone = iam_.call("Action=" + std::string(action) + "&UserName=dev");
    EXPECT_EQ(gone.status, 404);
    EXPECT_EQ(gone.message, "Login Profile for User dev cannot be found.");
  }
}

TEST_F(LoginProfiles, AreNotForRoot) {
  const auto created = iam_.call("Action=CreateLoginProfile");
  EXPECT_EQ(created.code, "UnmodifiableEntity");
  EXPECT_EQ(created.message,
            "The root user has no password here: only IAM users sign in to the console.");
  EXPECT_EQ(created.resource, "arn:aws:iam::123456789012:root");
  for (const char* action : {"GetLoginProfile", "DeleteLoginProfile"}) {
    EXPECT_EQ(iam_.call("Action=" + std::string(action)).message,
              "Login Profile for User Root cannot be found.");
  }
}

TEST_F(LoginProfiles, NeedAUserAndAPassword) {
  EXPECT_EQ(iam_.call("Action=CreateLoginProfile&UserName=no&Password=Passw0rd!").message,
            "The user with name no cannot be found.");
  EXPECT_EQ(iam_.call("Action=CreateLoginProfile&UserName=dev").message,
            "The request must contain the parameter Password.");
  EXPECT_EQ(create(std::string(129, 'a')).code, "ValidationError");
  EXPECT_EQ(create("%E2%82%AC").message,
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member "
            "must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+");
}

TEST_F(LoginProfiles, FollowTheAccountsPolicy) {
  const auto weak = create("password");
  EXPECT_EQ(weak.status, 400);
  EXPECT_EQ(weak.code, "PasswordPolicyViolation");
  PasswordPolicy policy;
  policy.minimum_length = 12;
  set_policy(policy);
  EXPECT_EQ(create().message, "Password should have a minimum length of 12");
  EXPECT_EQ(create("twelve-chars").status, 200);
  EXPECT_EQ(iam_.call("Action=UpdateLoginProfile&UserName=dev&Password=short").code,
            "PasswordPolicyViolation");
}

/// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_enable-user-change.html
TEST_F(LoginProfiles, AreTheUsersToChangeWhereTheAccountSaysSo) {
  iam_.call("Action=CreateUser&UserName=other");
  create();
  iam_.mode = AuthMode::enforce;
  EXPECT_EQ(change("Passw0rd!", "An0therOne").code, "AccessDenied");
  PasswordPolicy policy;
  set_policy(policy);
  EXPECT_EQ(change("Passw0rd!", "An0therOne").code, "AccessDenied");
  policy.users_may_change = true;
  set_policy(policy);
  EXPECT_EQ(change("Passw0rd!", "An0therOne").status, 200);
  EXPECT_TRUE(base::is_password("An0therOne", profile().password_hash));
  // That, and nothing else; and not against an explicit deny.
  EXPECT_EQ(
      iam_.call("Action=UpdateLoginProfile&UserName=dev&Password=Passw0rd!", iam_.user("dev")).code,
      "AccessDenied");
  EXPECT_EQ(iam_.call("Action=GetLoginProfile&UserName=other", iam_.user("dev")).code,
            "AccessDenied");
  EXPECT_EQ(iam_.call("Action=PutUserPolicy&UserName=dev&PolicyName=no" +
                      support::field("PolicyDocument",
                                     R"({"Version":"2012-10-17","Statement":{"Effect":"Deny",)"
                                     R"("Action":"iam:ChangePassword","Resource":"*"}})"))
                .status,
            200);
  EXPECT_EQ(change("An0therOne", "Passw0rd!").code, "AccessDenied");
}

TEST_F(LoginProfiles, AreUpdatedInPart) {
  create();
  iam_.clock.advance(std::chrono::hours(1));
  const std::string hash = profile().password_hash;
  EXPECT_EQ(iam_.call("Action=UpdateLoginProfile&UserName=dev&PasswordResetRequired=true").status,
            200);
  EXPECT_TRUE(profile().password_reset_required);
  EXPECT_EQ(profile().password_hash, hash);
  EXPECT_EQ(profile().changed, profile().created);
  EXPECT_EQ(iam_.call("Action=UpdateLoginProfile&UserName=dev&Password=An0therOne").status, 200);
  EXPECT_TRUE(base::is_password("An0therOne", profile().password_hash));
  EXPECT_EQ(profile().changed, iam_.clock.now());
  EXPECT_TRUE(profile().password_reset_required);
}

TEST_F(LoginProfiles, AreChangedByTheirUserWhoKnowsThePassword) {
  create();
  iam_.call("Action=UpdateLoginProfile&UserName=dev&PasswordResetRequired=true");
  const auto wrong = change("nope", "An0therOne");
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.message, "The old password was incorrect.");
  EXPECT_EQ(change("Passw0rd!", "weak").code, "PasswordPolicyViolation");
  const auto changed = change("Passw0rd!", "An0therOne");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.resource, "arn:aws:iam::123456789012:user/dev");
  EXPECT_FALSE(profile().password_reset_required);
  EXPECT_EQ(change("Passw0rd!", "An0therOne").status, 403);
  EXPECT_TRUE(profile().previous_hashes.empty());
}

TEST_F(LoginProfiles, OfOthersAreNotChangedByNamingThem) {
  create();
  iam_.call("Action=CreateUser&UserName=other");
  const auto refused =
      iam_.call("Action=ChangePassword&UserName=dev&OldPassword=Passw0rd!&NewPassword=An0therOne",
                iam_.user("other"));
  EXPECT_EQ(refused.message, "Login Profile for User other cannot be found.");
  EXPECT_EQ(refused.resource, "arn:aws:iam::123456789012:user/other");
  const auto root = iam_.call("Action=ChangePassword&OldPassword=a&NewPassword=b");
  EXPECT_EQ(root.code, "InvalidUserType");
}

TEST_F(LoginProfiles, DoNotTakeThePasswordsBefore) {
  PasswordPolicy policy;
  policy.reuse_prevention = 2;
  set_policy(policy);
  create("first1");
  EXPECT_EQ(change("first1", "first1").code, "PasswordPolicyViolation");
  EXPECT_EQ(change("first1", "second").status, 200);
  EXPECT_EQ(profile().previous_hashes.size(), 1U);
  EXPECT_EQ(change("second", "first1").message,
            "Password should not be one of the last 2 passwords");
  EXPECT_EQ(change("second", "third3").status, 200);
  EXPECT_EQ(profile().previous_hashes.size(), 1U);
  EXPECT_EQ(change("third3", "first1").status, 200);
}

TEST_F(LoginProfiles, AreKeptWhole) {
  PasswordPolicy policy;
  policy.reuse_prevention = 3;
  set_policy(policy);
  create("first1");
  iam_.clock.advance(std::chrono::hours(1));
  change("first1", "second");
  const auto kept = make_directory(iam_.store.load().value().entities).value();
  const auto after = kept->find<User>(support::kIamAccount, "dev")->login_profile.value();
  EXPECT_EQ(after.password_hash, profile().password_hash);
  EXPECT_EQ(after.previous_hashes, profile().previous_hashes);
  EXPECT_EQ(after.changed - after.created, std::chrono::hours(1));
}

}  // namespace
}  // namespace imdsd::iam::api
