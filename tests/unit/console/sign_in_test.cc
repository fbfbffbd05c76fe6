// SPDX-License-Identifier: MIT
#include "console/sign_in.h"

#include <chrono>

#include "base/totp.h"
#include "tests/unit/console/console_fixture.h"

namespace imdsd::console {
namespace {

const std::string kSeed = "12345678901234567890";

class SignInTest : public ConsoleTest {
 protected:
  std::string code() const { return base::totp_code(kSeed, base::totp_step(world_.clock.now())); }
  void allow_changing() {
    world_.users[0].policies = {support::allow("iam:ChangePassword", "*")};
    publish();
  }
  bool is_password_now(std::string_view password) const {
    const auto james = authority_.load()->directory->find<iam::User>(kAccount, "James");
    return base::is_password(password, james->login_profile->password_hash);
  }
};

TEST_F(SignInTest, OpensASessionOfTheUser) {
  const Json session = sign_in();
  ASSERT_EQ(status_, 200) << session;
  EXPECT_EQ(session["user"]["arn"], kJames);
  EXPECT_EQ(session["identity"]["arn"], kJames);
  EXPECT_EQ(session["user"]["mfa"], false);
  EXPECT_EQ(session["user"]["expires"], "2026-01-01T12:00:00Z");
  EXPECT_FALSE(session.contains("role"));
  EXPECT_EQ(get("session"), session);
}

TEST_F(SignInTest, TakesTheAccountByIdAndByAlias) {
  write([](iam::Transaction& transaction) {
    iam::Account account;
    account.account = account.name = account.unique_id = std::string(kAccount);
    account.alias = "example-corp";
    transaction.put(std::move(account));
  });
  EXPECT_EQ(sign_in({{"account", "example-corp"}})["user"]["account"], kAccount);
  EXPECT_EQ(sign_in({{"account", kAccount}})["user"]["account"], kAccount);
  sign_in({{"account", "210987654321"}});
  EXPECT_EQ(status_, 401);
}

TEST_F(SignInTest, TellsNobodyWhoIsThere) {
  const Json wrong = sign_in({{"password", "wrong"}});
  EXPECT_EQ(status_, 401);
  EXPECT_EQ(wrong["code"], "AuthenticationFailed");
  EXPECT_EQ(sign_in({{"user", "nobody"}}), wrong);
  change_james([](iam::User& james) { james.login_profile.reset(); });
  EXPECT_EQ(sign_in(), wrong);
  EXPECT_EQ(status_, 401);
  EXPECT_TRUE(cookie_.empty());
}

TEST_F(SignInTest, IsInTheAuditLogWithoutThePassword) {
  sign_in({{"password", "wrong"}});
  EXPECT_EQ(audit_.records.back().action, "ConsoleLogin");
  EXPECT_EQ(audit_.records.back().caller_arn, kJames);
  EXPECT_EQ(audit_.records.back().error_code, "AuthenticationFailed");
  EXPECT_EQ(audit_.records.back().source_ip, "127.0.0.1");
  sign_in({{"user", "typed-the-password-here"}});
  EXPECT_EQ(audit_.records.back().caller_arn, "");
  sign_in();
  EXPECT_EQ(audit_.records.back().status, 200);
}

TEST_F(SignInTest, IsWhenThePasswordWasLastUsed) {
  const auto james = authority_.load()->directory->find<iam::User>(kAccount, "James");
  sign_in({{"password", "wrong"}});
  EXPECT_FALSE(usage_.find(james->unique_id));
  sign_in();
  const auto used = usage_.find(james->unique_id);
  ASSERT_TRUE(used);
  EXPECT_EQ(used->time, world_.clock.now());
}

TEST_F(SignInTest, PausesBehindTenWrongPasswordsOfAUser) {
  for (int i = 0; i < 10; ++i) {
    peer_ = "127.0.0." + std::to_string(i + 1) + ":50000";
    sign_in({{"password", "wrong"}});
    ASSERT_EQ(status_, 401);
  }
  EXPECT_EQ(sign_in()["code"], "TooManyAttempts") << "the right one, and from anywhere";
  EXPECT_EQ(status_, 429);
  world_.clock.advance(std::chrono::seconds(30));
  sign_in();
  EXPECT_EQ(status_, 200);
}

TEST_F(SignInTest, PausesBehindFiftyWrongPasswordsOfAPeer) {
  for (unsigned i = 0; i < SignIn::kWrongOfPeer; ++i) {
    sign_in({{"user", "user-" + std::to_string(i)}, {"password", "wrong"}});
    ASSERT_EQ(status_, 401);
  }
  sign_in();
  EXPECT_EQ(status_, 429);
  peer_ = "127.0.0.2:50000";
  sign_in();
  EXPECT_EQ(status_, 200);
}

TEST_F(SignInTest, BehindATrustedProxyEachClientIsAPeer) {
  console_.configure(
      {{"console.example.test"}, "eu-west-1", {base::IpNetwork::parse("127.0.0.1").value()}});
  forwarded_for_ = "192.0.2.1";
  for (unsigned i = 0; i < SignIn::kWrongOfPeer; ++i) {
    sign_in({{"user", "user-" + std::to_string(i)}, {"password", "wrong"}});
    ASSERT_EQ(status_, 401);
  }
  EXPECT_EQ(audit_.records.back().source_ip, "192.0.2.1");
  sign_in();
  EXPECT_EQ(status_, 429);
  forwarded_for_ = "192.0.2.1, 192.0.2.2";
  sign_in();
  EXPECT_EQ(status_, 200);
  peer_ = "127.0.0.2:50000";
  sign_in({{"password", "wrong"}});
  EXPECT_EQ(audit_.records.back().source_ip, "127.0.0.2") << "of nobody else";
}

TEST_F(SignInTest, TheCookieIsSecureWhereATrustedProxySaysSo) {
  const auto cookie_line = [this] {
    auto form =
        request("POST", "/api/sign-in", R"({"user":"James","password":"The-1st-password"})");
    form.headers.add("X-Forwarded-Proto", "https");
    return std::string(console_.handle(form).headers.get("Set-Cookie").value_or(""));
  };
  EXPECT_EQ(cookie_line().find("Secure"), std::string::npos);
  console_.configure(
      {{"console.example.test"}, "eu-west-1", {base::IpNetwork::parse("127.0.0.1").value()}});
  EXPECT_NE(cookie_line().find("; Secure"), std::string::npos);
}

TEST_F(SignInTest, AsksForACodeAndTakesItOnce) {
  enable_mfa(kSeed);
  EXPECT_EQ(sign_in()["code"], "MfaRequired");
  EXPECT_EQ(status_, 401);
  EXPECT_EQ(sign_in({{"mfa_code", "000000"}})["code"], "MfaFailed");
  EXPECT_EQ(sign_in({{"password", "wrong"}, {"mfa_code", code()}})["code"], "AuthenticationFailed");
  const Json session = sign_in({{"mfa_code", code()}});
  ASSERT_EQ(status_, 200) << session;
  EXPECT_EQ(session["user"]["mfa"], true);
  publish();
  EXPECT_EQ(sign_in({{"mfa_code", code()}})["code"], "MfaFailed") << "a code works once";
}

TEST_F(SignInTest, PausesBehindTenWrongCodesWhicheverDeviceTheyAreTriedOn) {
  enable_mfa("99999999999999999999", "Another");
  enable_mfa(kSeed);
  for (unsigned i = 0; i < iam::MfaThrottle::kWrongCodes; ++i) {
    ASSERT_EQ(sign_in({{"mfa_code", "000000"}})["code"], "MfaFailed");
  }
  EXPECT_EQ(sign_in({{"mfa_code", code()}})["code"], "TooManyAttempts") << "the right one";
  EXPECT_EQ(status_, 429);
}

TEST_F(SignInTest, APasswordThatIsDueIsChangedOnTheWay) {
  change_james([](iam::User& james) { james.login_profile->password_reset_required = true; });
  EXPECT_EQ(sign_in()["code"], "PasswordResetRequired");
  EXPECT_EQ(sign_in({{"new_password", "weak"}})["code"], "PasswordPolicyViolation");
  EXPECT_EQ(sign_in({{"new_password", kNewPassword}})["code"], "AccessDenied")
      << "as on AWS, it takes iam:ChangePassword";
  allow_changing();
  sign_in({{"new_password", kNewPassword}});
  EXPECT_EQ(status_, 200);
  publish();
  EXPECT_TRUE(is_password_now(kNewPassword));
  EXPECT_EQ(sign_in({{"password", kNewPassword}})["user"]["name"], "James");
}

TEST_F(SignInTest, AnMfaUserChangesThePasswordWithItsSession) {
  enable_mfa(kSeed);
  change_james([](iam::User& james) { james.login_profile->password_reset_required = true; });
  world_.users[0].policies = {
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:ChangePassword",)"
      R"("Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]})"};
  publish();
  EXPECT_EQ(sign_in({{"new_password", kNewPassword}})["code"], "MfaRequired");
  EXPECT_FALSE(is_password_now(kNewPassword));
  const Json session = sign_in({{"new_password", kNewPassword}, {"mfa_code", code()}});
  EXPECT_EQ(status_, 200) << session;
  publish();
  EXPECT_TRUE(is_password_now(kNewPassword));
}

TEST_F(SignInTest, ACodeThatNoDeviceShowsHindersNoChange) {
  change_james([](iam::User& james) { james.login_profile->password_reset_required = true; });
  allow_changing();
  const Json session = sign_in({{"new_password", kNewPassword}, {"mfa_code", "123456"}});
  EXPECT_EQ(status_, 200) << session;
  EXPECT_EQ(session["user"]["mfa"], false);
  publish();
  EXPECT_TRUE(is_password_now(kNewPassword));
}

TEST_F(SignInTest, AnExpiredPasswordIsDueOrDead) {
  const auto set_policy = [this](bool hard) {
    write([&](iam::Transaction& transaction) {
      iam::Account account;
      account.account = account.name = account.unique_id = std::string(kAccount);
      account.password_policy.emplace();
      account.password_policy->max_age_days = 90;
      account.password_policy->hard_expiry = hard;
      transaction.put(std::move(account));
    });
  };
  set_policy(false);
  world_.clock.advance(std::chrono::days(90) - std::chrono::seconds(1));
  sign_in();
  EXPECT_EQ(status_, 200);
  world_.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(sign_in()["code"], "PasswordResetRequired");
  set_policy(true);
  EXPECT_EQ(sign_in()["code"], "PasswordExpired");
  EXPECT_EQ(status_, 403);
}

TEST(SignInForm, NamesWhatIsMissingAndNoSecret) {
  const auto error = [](const std::string& body) {
    return SignInForm::parse(body).error().message;
  };
  EXPECT_TRUE(error("{").starts_with("the body is no JSON"));
  EXPECT_NE(error("[]"), "");
  EXPECT_NE(error(R"({"user":"James"})").find("password"), std::string::npos);
  EXPECT_EQ(error(R"({"user":"James","password":5})").find('5'), std::string::npos);
  EXPECT_NE(error(R"({"user":"James","password":"p","more":"x"})"), "");
  EXPECT_NE(error(R"({"user":")" + std::string(65, 'x') + R"(","password":"p"})"), "");
}

/// Whatever is cut off or changed, the form is refused or read, and nothing else happens.
TEST(SignInForm, SurvivesTruncationAndFlips) {
  const std::string whole =
      R"({"account":"123456789012","user":"James","password":"p","mfa_code":"123456","new_password":""})";
  ASSERT_TRUE(SignInForm::parse(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_FALSE(SignInForm::parse(whole.substr(0, i))) << i;
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    [[maybe_unused]] const auto form = SignInForm::parse(flipped);
  }
}

}  // namespace
}  // namespace imdsd::console
