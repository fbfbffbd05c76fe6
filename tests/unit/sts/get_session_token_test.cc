// SPDX-License-Identifier: MIT
#include "sts/get_session_token.h"

#include <future>

#include "sts/mfa_input.h"
#include "sts/session_limits.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

class GetSessionToken : public StsTest {
 protected:
  GetSessionToken() { world_.users.push_back({.name = "dev", .path = "/team/"}); }

  ActionAnswer get(Parameters more = {}) { return call("GetSessionToken", user(), more); }
};

TEST_F(GetSessionToken, AnswersWithCredentialsAlone) {
  const auto answer = get();
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = *answer.xml;
  EXPECT_TRUE(xml.starts_with(
      "<GetSessionTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
      "  <GetSessionTokenResult>\n    <Credentials>\n      <AccessKeyId>ASIA"))
      << xml;
  EXPECT_EQ(element(xml, "Expiration"), "2026-01-01T12:00:00Z");
  EXPECT_EQ(xml.find("PackedPolicySize"), std::string::npos);
  EXPECT_FALSE(answer.decision) << "no policy allows or denies it";
}

TEST_F(GetSessionToken, TheSessionIsTheUser) {
  world_.users[0].policies = {allow("s3:*", "*")};
  world_.users[0].tags = {{"Team", "red"}};
  const auto session = caller_of(get());
  EXPECT_EQ(session.principal.type, iam::PrincipalType::user);
  EXPECT_EQ(session.principal.arn, "arn:aws:iam::123456789012:user/team/dev");
  EXPECT_EQ(session.principal.user_id, user().principal.user_id);
  EXPECT_FALSE(session.session->mfa_time);
  EXPECT_TRUE(may(session, "s3:GetObject"));
  EXPECT_FALSE(may(session, "sqs:SendMessage"));
  world_.users[0].policies.clear();
  EXPECT_FALSE(may(session, "s3:GetObject")) << "decided as the user's policies are now";
}

TEST_F(GetSessionToken, AnExplicitDenyDoesNotStopIt) {
  world_.users[0].policies = {deny("*", "*")};
  EXPECT_EQ(outcome(get()), "ok");
}

TEST_F(GetSessionToken, DeletingTheUserEndsIt) {
  const auto credentials = credentials_of(get());
  const auto dev = world_.users[0];
  EXPECT_TRUE(authenticated(credentials));
  world_.users.clear();
  EXPECT_EQ(authenticated(credentials).error().code, "InvalidClientTokenId");
  world_.users.push_back(dev);
  EXPECT_EQ(authenticated(credentials).error().code, "InvalidClientTokenId") << "another user";
}

TEST_F(GetSessionToken, ExpiresToTheSecond) {
  const auto credentials = credentials_of(get({{"DurationSeconds", "900"}}));
  world_.clock.advance(seconds(899));
  EXPECT_TRUE(authenticated(credentials));
  world_.clock.advance(seconds(1));
  EXPECT_EQ(authenticated(credentials).error().code, "ExpiredToken");
}

TEST_F(GetSessionToken, DurationsFrom15MinutesTo36Hours) {
  EXPECT_EQ(element(*get({{"DurationSeconds", "129600"}}).xml, "Expiration"),
            "2026-01-02T12:00:00Z");
  const std::string error = "400 ValidationError 1 validation error detected: Value ";
  const std::string at = " at 'durationSeconds' failed to satisfy constraint: Member must have ";
  EXPECT_EQ(outcome(get({{"DurationSeconds", "899"}})),
            error + "'899'" + at + "value greater than or equal to 900");
  EXPECT_EQ(outcome(get({{"DurationSeconds", "129601"}})),
            error + "'129601'" + at + "value less than or equal to 129600");
  EXPECT_EQ(outcome(get({{"DurationSeconds", "1h"}})), "400 MalformedInput -");
}

TEST_F(GetSessionToken, RootHasAnHourAtMostWhereThereIsRoot) {
  world_.mode = iam::AuthMode::off;
  const auto answer = call("GetSessionToken", root(), {{"DurationSeconds", "43200"}});
  EXPECT_EQ(element(*answer.xml, "Expiration"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(caller_of(answer).principal.arn, "arn:aws:iam::123456789012:root");
  world_.mode = iam::AuthMode::enforce;
  EXPECT_EQ(authenticated(credentials_of(answer)).error().code, "InvalidClientTokenId")
      << "nobody is root where signatures count";
}

// MFA

constexpr std::string_view kNoDevice =
    "403 AccessDenied MultiFactorAuthentication failed, unable to validate MFA code.  Please "
    "verify your MFA serial number is valid and associated with this user.";
constexpr std::string_view kWrongCode =
    "403 AccessDenied MultiFactorAuthentication failed with invalid MFA one time pass code. ";

TEST_F(GetSessionToken, ACodeMakesAnMfaSession) {
  give_device();
  const auto session =
      caller_of(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}}));
  EXPECT_EQ(session.session->mfa_time, fakes::ManualClock::kStart);
  iam::ConditionKeys keys;
  world_.clock.advance(seconds(42));
  iam::add_caller_keys(session, world_.clock.now(), keys);
  EXPECT_EQ(keys.find("aws:MultiFactorAuthPresent")->front(), "true");
  EXPECT_EQ(keys.find("aws:MultiFactorAuthAge")->front(), "42");
}

TEST_F(GetSessionToken, ACodeWorksOnce) {
  give_device();
  const Parameters mfa{{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}};
  EXPECT_EQ(outcome(get(mfa)), "ok");
  EXPECT_EQ(outcome(get(mfa)), kWrongCode);
  world_.clock.advance(seconds(30));
  EXPECT_EQ(outcome(get(mfa)), kWrongCode) << "in the tolerance of one step, but taken";
  EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}})), "ok");
}

TEST_F(GetSessionToken, CodesOfOneStepBeforeAndBehindWork) {
  give_device();
  for (const int steps : {-2, 2}) {
    EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code(steps)}})),
              kWrongCode);
  }
  for (const int steps : {-1, 0, 1}) {
    EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code(steps)}})),
              "ok")
        << steps;
  }
  EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code(0)}})),
            kWrongCode)
      << "an earlier one than was taken";
}

TEST_F(GetSessionToken, TheDeviceMustBeTheCallers) {
  world_.users.push_back({.name = "other"});
  give_device("other");
  EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}})),
            kNoDevice);
  EXPECT_EQ(outcome(get({{"SerialNumber", "GAHT12345678"}, {"TokenCode", code()}})), kNoDevice);
}

TEST_F(GetSessionToken, SerialNumberAndCodeGoTogether) {
  give_device();
  constexpr std::string_view kBoth =
      "403 AccessDenied MultiFactorAuthentication failed, must provide both MFA serial number and "
      "one time pass code.";
  EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}})), kBoth);
  EXPECT_EQ(outcome(get({{"TokenCode", code()}})), kBoth);
}

TEST_F(GetSessionToken, MfaParametersAreCheckedByTheModel) {
  const std::string error = "400 ValidationError 1 validation error detected: Value ";
  const std::string must = " failed to satisfy constraint: Member must ";
  EXPECT_EQ(outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", "12345"}})),
            error + "'12345' at 'tokenCode'" + must + "have length greater than or equal to 6");
  EXPECT_EQ(
      outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", "12345x"}})),
      error + "'12345x' at 'tokenCode'" + must + R"(satisfy regular expression pattern: [\d]*)");
  EXPECT_EQ(outcome(get({{"SerialNumber", "not a number"}, {"TokenCode", "123456"}})),
            error + "'not a number' at 'serialNumber'" + must +
                R"(satisfy regular expression pattern: [\w+=/:,.@-]*)");
}

TEST_F(GetSessionToken, ACodeThatCannotBeKeptAsTakenIsNotTaken) {
  give_device();
  static_cast<void>(world_.authority());
  world_.store.fail_next = true;
  const Parameters mfa{{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}};
  EXPECT_EQ(outcome(get(mfa)),
            "500 InternalFailure The request processing has failed because of an unknown error.");
  EXPECT_EQ(outcome(get(mfa)), "ok");
}

TEST_F(GetSessionToken, AWrongCodeDoesNotWaitForTheDisk) {
  give_device();
  const iam::Caller caller = user();
  const auto authority = world_.authority();
  const auto form =
      aws::QueryParameters::parse("SerialNumber=" + std::string(kSerial) + "&TokenCode=" + code(2))
          .value();
  const auto http = StsWorld::post("");
  const ActionRequest request{.parameters = form,
                              .caller = caller,
                              .authority = authority,
                              .directory = world_.directory_service,
                              .mfa_throttle = world_.mfa_throttle,
                              .http = http,
                              .now = world_.clock.now(),
                              .random = world_.random,
                              .request_id = "",
                              .region = ""};
  std::future<std::optional<aws::ServiceError>> refused;
  const auto written = world_.directory_service.write([&](iam::Transaction&) {
    refused =
        std::async(std::launch::async, [&] { return MfaInput::read(form).take_code(request); });
    EXPECT_EQ(refused.wait_for(seconds(10)), std::future_status::ready);
    return false;
  });
  EXPECT_TRUE(written);
  const auto error = refused.get();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message,
            "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
}

TEST_F(GetSessionToken, AfterTenWrongCodesARightOneIsRefusedForAStep) {
  give_device();
  const auto with = [&](const std::string& token_code) {
    return outcome(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", token_code}}));
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(with(code(2)), kWrongCode);
  EXPECT_EQ(with(code()), kWrongCode) << "in the same words";
  world_.clock.advance(seconds(29));
  EXPECT_EQ(with(code()), kWrongCode);
  world_.clock.advance(seconds(1));
  EXPECT_EQ(with(code()), "ok");
  for (int i = 0; i < 9; ++i) EXPECT_EQ(with(code(2)), kWrongCode);
  EXPECT_EQ(with(code(1)), "ok") << "the row began anew";
}

TEST_F(GetSessionToken, CodesForADeviceOfAnotherUserDoNotCount) {
  world_.users.push_back({.name = "other"});
  give_device("other");
  const Parameters mfa{{"SerialNumber", std::string(kSerial)}, {"TokenCode", code(2)}};
  for (int i = 0; i < 20; ++i) EXPECT_EQ(outcome(get(mfa)), kNoDevice);
  EXPECT_EQ(outcome(call("GetSessionToken", user("other"),
                         {{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}})),
            "ok");
}

// What sessions are no good for.

TEST_F(GetSessionToken, ItsSessionsOnlyAssumeRolesAndAskWhoTheyAre) {
  const auto session = caller_of(get());
  EXPECT_EQ(outcome(call("GetSessionToken", session)),
            "403 AccessDenied Cannot call GetSessionToken with session credentials");
  EXPECT_EQ(outcome(call("GetFederationToken", session, {{"Name", "bob"}})),
            "403 AccessDenied Cannot call GetFederationToken with session credentials");
  EXPECT_EQ(outcome(call("GetCallerIdentity", session)), "ok");
  world_.roles.push_back({.name = "r",
                          .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/team/dev"})"),
                          .max_session_duration = hours(12)});
  const Parameters role{{"RoleArn", "arn:aws:iam::123456789012:role/r"},
                        {"RoleSessionName", "one"}};
  EXPECT_EQ(outcome(call("AssumeRole", session, role)), "ok");
  Parameters longer = role;
  longer.emplace_back("DurationSeconds", "3601");
  EXPECT_EQ(outcome(call("AssumeRole", session, longer)),
            "400 ValidationError The requested DurationSeconds exceeds the 1 hour session limit "
            "for roles assumed by role chaining.");
  EXPECT_EQ(outcome(call("AssumeRole", user(), longer)), "ok");
}

TEST_F(GetSessionToken, ItsSessionsCallIamOnlyWithMfa) {
  give_device();
  const auto refused = refuse_iam_call(caller_of(get()));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, "InvalidClientTokenId");
  EXPECT_FALSE(refuse_iam_call(
      caller_of(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}}))));
  EXPECT_FALSE(refuse_iam_call(user()));
}

TEST_F(GetSessionToken, ARolesSessionGetsNone) {
  world_.roles.push_back(
      {.name = "r", .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/team/dev"})")});
  const auto session = caller_of(
      call("AssumeRole", user(),
           {{"RoleArn", "arn:aws:iam::123456789012:role/r"}, {"RoleSessionName", "one"}}));
  for (const std::string action : {"GetSessionToken", "GetFederationToken"}) {
    EXPECT_EQ(outcome(call(action, session, {{"Name", "bob"}})),
              "403 AccessDenied Cannot call " + action + " with session credentials");
  }
  EXPECT_FALSE(refuse_iam_call(session));
}

// AssumeRole with MFA

TEST_F(GetSessionToken, AssumeRoleTakesACodeForItsTrustPolicyAlone) {
  give_device();
  world_.roles.push_back({.name = "r",
                          .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/team/dev"})",
                                         R"({"Bool":{"aws:MultiFactorAuthPresent":"true"},)"
                                         R"("NumericLessThan":{"aws:MultiFactorAuthAge":"60"}})")});
  Parameters role{{"RoleArn", "arn:aws:iam::123456789012:role/r"}, {"RoleSessionName", "one"}};
  EXPECT_EQ(outcome(call("AssumeRole", user(), role)),
            "403 AccessDenied User: arn:aws:iam::123456789012:user/team/dev is not authorized to "
            "perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/r");
  Parameters with_mfa = role;
  with_mfa.emplace_back("SerialNumber", std::string(kSerial));
  with_mfa.emplace_back("TokenCode", code());
  const auto answer = call("AssumeRole", user(), with_mfa);
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_FALSE(caller_of(answer).session->mfa_time) << "the role's session does not carry it";
  EXPECT_EQ(outcome(call("AssumeRole", user(), with_mfa)), kWrongCode);
}

TEST_F(GetSessionToken, AnMfaSessionMeetsTheTrustPolicyToo) {
  give_device();
  world_.roles.push_back(
      {.name = "r",
       .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/team/dev"})",
                      R"({"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}})")});
  const Parameters role{{"RoleArn", "arn:aws:iam::123456789012:role/r"},
                        {"RoleSessionName", "one"}};
  const auto session =
      caller_of(get({{"SerialNumber", std::string(kSerial)}, {"TokenCode", code()}}));
  world_.clock.advance(seconds(59));
  EXPECT_EQ(outcome(call("AssumeRole", session, role)), "ok");
  world_.clock.advance(seconds(1));
  EXPECT_NE(outcome(call("AssumeRole", session, role)), "ok");
}

TEST_F(GetSessionToken, ARolesSessionHasNoDevice) {
  give_device();
  world_.roles.push_back({.name = "r", .trust = trust(R"({"AWS":"*"})")});
  Parameters role{{"RoleArn", "arn:aws:iam::123456789012:role/r"}, {"RoleSessionName", "one"}};
  const auto session = caller_of(call("AssumeRole", user(), role));
  role.emplace_back("SerialNumber", std::string(kSerial));
  role.emplace_back("TokenCode", code());
  EXPECT_EQ(outcome(call("AssumeRole", session, role)), kNoDevice);
}

}  // namespace
}  // namespace imdsd::sts
