// SPDX-License-Identifier: MIT
#include "sts/assume_role.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sts/authenticate.h"
#include "sts/issue_for_service.h"
#include "sts/session_principal.h"
#include "sts/session_token.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using support::allow;
using support::deny;
using support::kAccount;
using support::kOtherAccount;
using support::StsWorld;
using support::trust;

constexpr std::string_view kRoleArn = "arn:aws:iam::123456789012:role/team/target";
constexpr std::string_view kDevArn = "arn:aws:iam::123456789012:user/dev";
const std::string kTrustDev = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})");
const std::string kTrustAccount = trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::string form_of(const Parameters& parameters) {
  std::string form = "Action=AssumeRole&Version=2011-06-15";
  for (const auto& [name, value] : parameters)
    form += "&" + name + "=" + base::percent_encode(value);
  return form;
}

std::string element(const std::string& xml, const std::string& name) {
  const auto start = xml.find("<" + name + ">");
  if (start == std::string::npos) return "";
  const auto from = start + name.size() + 2;
  return xml.substr(from, xml.find("</" + name + ">", from) - from);
}

class AssumeRole : public testing::Test {
 protected:
  AssumeRole() {
    world_.users.push_back({.name = "dev"});
    world_.roles.push_back({.name = "target",
                            .trust = kTrustDev,
                            .max_session_duration = hours(12),
                            .path = "/team/"});
  }

  StsWorld::Role& target() { return world_.roles.front(); }
  StsWorld::User& dev() { return world_.users.front(); }

  ActionAnswer call(const iam::Caller& caller, const Parameters& parameters) {
    const auto form = form_of(parameters);
    const auto parsed = aws::QueryParameters::parse(form).value();
    const auto authority = world_.authority();
    const auto http = StsWorld::post(form);
    return assume_role({.parameters = parsed,
                        .caller = caller,
                        .authority = authority,
                        .http = http,
                        .now = world_.clock.now(),
                        .random = world_.random,
                        .request_id = "6c0a1b2c-0000-4000-8000-000000000001",
                        .region = "eu-central-1"});
  }

  iam::Caller user(std::string_view name = "dev", std::string_view account = kAccount) {
    const auto found = world_.authority().directory->find_user(account, name);
    return {user_principal(*found, "aws"), StsWorld::key_of(name).id, nullptr};
  }

  /// The caller that a session of `answer` is.
  iam::Caller caller_of(const ActionAnswer& answer) {
    const std::string& xml = answer.xml.value();
    const aws::Credentials credentials{element(xml, "AccessKeyId"),
                                       base::Secret(element(xml, "SecretAccessKey")),
                                       base::Secret(element(xml, "SessionToken")),
                                       {}};
    auto request = StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
    world_.sign(request, credentials);
    return authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                        world_.authority(), world_.clock.now())
        .value();
  }

  ActionAnswer assume(const iam::Caller& caller, std::string_view role = kRoleArn,
                      Parameters more = {}) {
    more.emplace_back("RoleArn", std::string(role));
    more.emplace_back("RoleSessionName", "session-1");
    return call(caller, more);
  }

  static std::string denied(std::string_view caller, std::string_view role = kRoleArn) {
    return "User: " + std::string(caller) +
           " is not authorized to perform: sts:AssumeRole on resource: " + std::string(role);
  }

  StsWorld world_;
};

/// "ok", or status, code and message.
std::string outcome(const ActionAnswer& answer) {
  if (answer.xml) return "ok";
  const auto& error = answer.xml.error();
  return std::to_string(error.status) + " " + error.code + " " + error.message.value_or("-");
}

TEST_F(AssumeRole, AnswersInStsShape) {
  const auto answer = assume(user());
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = *answer.xml;
  const std::string id = world_.authority().directory->find_role(kAccount, "target")->unique_id;
  const std::string expected =
      "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
      "  <AssumeRoleResult>\n"
      "    <AssumedRoleUser>\n"
      "      <AssumedRoleId>" +
      id +
      ":session-1</AssumedRoleId>\n"
      "      <Arn>arn:aws:sts::123456789012:assumed-role/target/session-1</Arn>\n"
      "    </AssumedRoleUser>\n"
      "    <Credentials>\n"
      "      <AccessKeyId>" +
      element(xml, "AccessKeyId") +
      "</AccessKeyId>\n"
      "      <SecretAccessKey>" +
      element(xml, "SecretAccessKey") +
      "</SecretAccessKey>\n"
      "      <SessionToken>" +
      element(xml, "SessionToken") +
      "</SessionToken>\n"
      "      <Expiration>2026-01-01T01:00:00Z</Expiration>\n"
      "    </Credentials>\n"
      "  </AssumeRoleResult>\n"
      "  <ResponseMetadata>\n"
      "    <RequestId>6c0a1b2c-0000-4000-8000-000000000001</RequestId>\n"
      "  </ResponseMetadata>\n"
      "</AssumeRoleResponse>\n";
  EXPECT_EQ(xml, expected);
  EXPECT_TRUE(element(xml, "AccessKeyId").starts_with("ASIA"));
  EXPECT_EQ(element(xml, "SecretAccessKey").size(), 40U);
  ASSERT_TRUE(answer.decision);
  EXPECT_TRUE(answer.decision->allowed());
}

TEST_F(AssumeRole, TheSessionIsAcceptedAndHasItsTimes) {
  world_.clock.advance(std::chrono::milliseconds(600));
  const auto answer = assume(user(), kRoleArn, {{"DurationSeconds", "900"}});
  const auto caller = caller_of(answer);
  EXPECT_EQ(caller.principal.arn, "arn:aws:sts::123456789012:assumed-role/target/session-1");
  EXPECT_EQ(caller.session->issued, fakes::ManualClock::kStart);
  EXPECT_EQ(caller.session->expiration, fakes::ManualClock::kStart + seconds(900));
  EXPECT_FALSE(caller.session->from_service);
  EXPECT_FALSE(caller.session->role_delivery);
}

// Parameters: what AWS STS was seen to answer.

struct ProbeCase {
  std::string name;
  Parameters parameters;
  std::string expected;
};

const std::string kSession = "probe-session";
const std::string kArn(kRoleArn);
const std::string kOneError = "400 ValidationError 1 validation error detected: Value ";
const std::string kMust = " failed to satisfy constraint: Member must ";

class AssumeRoleParameters : public AssumeRole, public testing::WithParamInterface<ProbeCase> {};

TEST_P(AssumeRoleParameters, AreCheckedAsStsDoes) {
  EXPECT_EQ(outcome(call(user(), GetParam().parameters)), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Probes, AssumeRoleParameters,
    testing::Values(
        ProbeCase{"missing_role_arn",
                  {{"RoleSessionName", kSession}},
                  kOneError + "null at 'roleArn'" + kMust + "not be null"},
        ProbeCase{"short_role_arn",
                  {{"RoleArn", "not-an-arn"}, {"RoleSessionName", kSession}},
                  kOneError + "'not-an-arn' at 'roleArn'" + kMust +
                      "have length greater than or equal to 20"},
        ProbeCase{"malformed_role_arn",
                  {{"RoleArn", "xxxxxxxxxxxxxxxxxxxx"}, {"RoleSessionName", kSession}},
                  "400 ValidationError xxxxxxxxxxxxxxxxxxxx is invalid"},
        ProbeCase{"arn_without_partition",
                  {{"RoleArn", "arn::b:::something/test-role"}, {"RoleSessionName", kSession}},
                  "400 ValidationError arn::b:::something/test-role is invalid"},
        ProbeCase{"arn_without_resource",
                  {{"RoleArn", "arn:a:a::aaaaaaaaaa:"}, {"RoleSessionName", kSession}},
                  "400 ValidationError arn:a:a::aaaaaaaaaa: is invalid"},
        ProbeCase{"arn_of_a_user",
                  {{"RoleArn", std::string(kDevArn)}, {"RoleSessionName", kSession}},
                  "400 ValidationError Request ARN is invalid"},
        ProbeCase{"missing_session_name",
                  {{"RoleArn", kArn}},
                  kOneError + "null at 'roleSessionName'" + kMust + "not be null"},
        ProbeCase{"empty_session_name",
                  {{"RoleArn", kArn}, {"RoleSessionName", ""}},
                  kOneError + "'' at 'roleSessionName'" + kMust +
                      "have length greater than or equal to 2"},
        ProbeCase{"bad_session_name",
                  {{"RoleArn", kArn}, {"RoleSessionName", "bad/name"}},
                  kOneError + "'bad/name' at 'roleSessionName'" + kMust +
                      R"(satisfy regular expression pattern: [\w+=,.@-]*)"},
        ProbeCase{"duration_empty",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"DurationSeconds", ""}},
                  "400 MalformedInput missing value for decimal type"},
        ProbeCase{"duration_alpha",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"DurationSeconds", "abc"}},
                  "400 MalformedInput -"},
        ProbeCase{"duration_899",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"DurationSeconds", "899"}},
                  kOneError + "'899' at 'durationSeconds'" + kMust +
                      "have value greater than or equal to 900"},
        ProbeCase{"duration_negative",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"DurationSeconds", "-1"}},
                  kOneError + "'-1' at 'durationSeconds'" + kMust +
                      "have value greater than or equal to 900"},
        ProbeCase{"duration_43201",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"DurationSeconds", "43201"}},
                  kOneError + "'43201' at 'durationSeconds'" + kMust +
                      "have value less than or equal to 43200"},
        ProbeCase{
            "short_external_id",
            {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"ExternalId", "x"}},
            kOneError + "'x' at 'externalId'" + kMust + "have length greater than or equal to 2"},
        ProbeCase{"constraints_before_form_of_the_arn",
                  {{"RoleArn", "xxxxxxxxxxxxxxxxxxxx"}, {"RoleSessionName", "a"}},
                  kOneError + "'a' at 'roleSessionName'" + kMust +
                      "have length greater than or equal to 2"},
        ProbeCase{"form_of_the_arn_before_integers",
                  {{"RoleArn", "xxxxxxxxxxxxxxxxxxxx"},
                   {"RoleSessionName", kSession},
                   {"DurationSeconds", "abc"}},
                  "400 ValidationError xxxxxxxxxxxxxxxxxxxx is invalid"},
        ProbeCase{"several_at_once",
                  {{"RoleSessionName", "a"}, {"DurationSeconds", "1"}},
                  "400 ValidationError 3 validation errors detected: Value null at 'roleArn'" +
                      kMust + "not be null; Value 'a' at 'roleSessionName'" + kMust +
                      "have length greater than or equal to 2; Value '1' at 'durationSeconds'" +
                      kMust + "have value greater than or equal to 900"},
        ProbeCase{"useless_external_id",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"ExternalId", "unused"}},
                  "ok"},
        ProbeCase{"first_duplicate_wins",
                  {{"RoleArn", kArn},
                   {"RoleArn", "not-an-arn"},
                   {"RoleSessionName", kSession},
                   {"RoleSessionName", "bad/name"},
                   {"DurationSeconds", "900"},
                   {"DurationSeconds", "899"}},
                  "ok"},
        ProbeCase{"unknown_parameters_are_ignored",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"Unknown", "x"}},
                  "ok"},
        ProbeCase{"an_empty_list_is_no_list",
                  {{"RoleArn", kArn}, {"RoleSessionName", kSession}, {"Tags", ""}},
                  "ok"}),
    [](const auto& tested) { return tested.param.name; });

struct DurationCase {
  std::string name, text, expiration;
};

class AssumeRoleDuration : public AssumeRole, public testing::WithParamInterface<DurationCase> {};

TEST_P(AssumeRoleDuration, IsTheLifeOfTheSession) {
  const auto answer = assume(user(), kRoleArn, {{"DurationSeconds", GetParam().text}});
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "Expiration"), GetParam().expiration);
}

INSTANTIATE_TEST_SUITE_P(Texts, AssumeRoleDuration,
                         testing::Values(DurationCase{"shortest", "900", "2026-01-01T00:15:00Z"},
                                         DurationCase{"longest", "43200", "2026-01-01T12:00:00Z"},
                                         DurationCase{"plus", "+900", "2026-01-01T00:15:00Z"},
                                         DurationCase{"leading_zero", "0900",
                                                      "2026-01-01T00:15:00Z"}),
                         [](const auto& tested) { return tested.param.name; });

class AssumeRoleWithout : public AssumeRole, public testing::WithParamInterface<std::string> {};

TEST_P(AssumeRoleWithout, IsRefusedByNameAndNeverIgnored) {
  const auto answer = assume(user(), kRoleArn, {{GetParam(), "value"}});
  const std::string name = GetParam().substr(0, GetParam().find('.'));
  EXPECT_EQ(outcome(answer),
            "501 NotImplemented AssumeRole of this service does not implement the "
            "parameter " +
                name);
}

INSTANTIATE_TEST_SUITE_P(Parameters, AssumeRoleWithout,
                         testing::Values("Policy", "PolicyArns.member.1.arn", "Tags.member.1.Key",
                                         "TransitiveTagKeys.member.1", "SerialNumber", "TokenCode",
                                         "SourceIdentity",
                                         "ProvidedContexts.member.1.ProviderArn"));

// Who may.

TEST_F(AssumeRole, ARoleThatDoesNotExistIsDeniedInTheSameWords) {
  dev().policies = {allow("sts:*", "*")};
  for (const std::string_view arn :
       {"arn:aws:iam::123456789012:role/missing", "arn:aws:iam::123456789012:role/target",
        "arn:aws:iam::210987654321:role/team/target",
        "arn:aws-cn:iam::123456789012:role/team/target",
        "arn:aws:iam::123456789012:role/team/TARGET"}) {
    EXPECT_EQ(outcome(assume(user(), arn)), "403 AccessDenied " + denied(kDevArn, arn));
  }
}

TEST_F(AssumeRole, TrustNamingTheUserIsEnough) {
  EXPECT_EQ(outcome(assume(user())), "ok");
}

TEST_F(AssumeRole, TrustNamingAnotherUserIsNot) {
  world_.users.push_back({.name = "other"});
  target().trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/other"})");
  dev().policies = {allow("sts:*", "*")};
  EXPECT_EQ(outcome(assume(user())), "403 AccessDenied " + denied(kDevArn));
  const auto answer = assume(user());
  EXPECT_EQ(answer.decision->reason, iam::Decision::Reason::implicit_deny);
}

TEST_F(AssumeRole, TrustNamingTheAccountNeedsAnIdentityPolicyToo) {
  target().trust = kTrustAccount;
  EXPECT_EQ(outcome(assume(user())), "403 AccessDenied " + denied(kDevArn));
  dev().policies = {allow("sts:AssumeRole", kRoleArn)};
  EXPECT_EQ(outcome(assume(user())), "ok");
}

TEST_F(AssumeRole, AnExplicitDenyOfTheCallerWins) {
  dev().policies = {allow("sts:*", "*"), deny("sts:AssumeRole", kRoleArn)};
  const auto answer = assume(user());
  EXPECT_EQ(outcome(answer), "403 AccessDenied " + denied(kDevArn));
  EXPECT_EQ(answer.decision->reason, iam::Decision::Reason::explicit_deny);
  EXPECT_FALSE(answer.would_deny) << "it was denied";
}

TEST_F(AssumeRole, AcrossAccountsBothSidesMustAllow) {
  world_.users.push_back({.name = "guest", .account = std::string(kOtherAccount)});
  target().trust = trust(R"({"AWS":"arn:aws:iam::210987654321:user/guest"})");
  const std::string arn = "arn:aws:iam::210987654321:user/guest";
  EXPECT_EQ(outcome(assume(user("guest", kOtherAccount))), "403 AccessDenied " + denied(arn));
  world_.users.back().policies = {allow("sts:AssumeRole", kRoleArn)};
  EXPECT_EQ(outcome(assume(user("guest", kOtherAccount))), "ok");
}

TEST_F(AssumeRole, ExternalIdIsAConditionOfTheTrust) {
  target().trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})",
                         R"({"StringEquals":{"sts:ExternalId":"Unique/Id:7"}})");
  EXPECT_EQ(outcome(assume(user())), "403 AccessDenied " + denied(kDevArn));
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"ExternalId", "wrong"}})),
            "403 AccessDenied " + denied(kDevArn));
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"ExternalId", "Unique/Id:7"}})), "ok");
}

struct ConditionCase {
  std::string name, condition;
  bool allowed;
};

class AssumeRoleConditions : public AssumeRole,
                             public testing::WithParamInterface<ConditionCase> {};

TEST_P(AssumeRoleConditions, SeeTheRequest) {
  target().trust = trust(R"({"AWS":"arn:aws:iam::123456789012:user/dev"})", GetParam().condition);
  EXPECT_EQ(assume(user()).xml.has_value(), GetParam().allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, AssumeRoleConditions,
    testing::Values(
        ConditionCase{"session_name", R"({"StringEquals":{"sts:RoleSessionName":"session-1"}})",
                      true},
        ConditionCase{"other_session_name",
                      R"({"StringEquals":{"sts:RoleSessionName":"session-2"}})", false},
        ConditionCase{"principal",
                      R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/dev"}})",
                      true},
        ConditionCase{"source_ip", R"({"IpAddress":{"aws:SourceIp":"10.1.2.0/24"}})", true},
        ConditionCase{"other_source_ip", R"({"IpAddress":{"aws:SourceIp":"10.1.3.0/24"}})", false},
        ConditionCase{"user_agent", R"({"StringLike":{"aws:UserAgent":"aws-cli/*"}})", true},
        ConditionCase{"plain_http", R"({"Bool":{"aws:SecureTransport":"false"}})", true},
        ConditionCase{"region", R"({"StringEquals":{"aws:RequestedRegion":"eu-central-1"}})", true},
        ConditionCase{"time", R"({"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:01Z"}})",
                      true},
        ConditionCase{"later", R"({"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:01Z"}})",
                      false},
        ConditionCase{"epoch", R"({"NumericEquals":{"aws:EpochTime":"1767225600"}})", true}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(AssumeRole, RootIsRefused) {
  target().trust = trust(R"({"AWS":"*"})");
  const iam::Caller root{root_principal(kAccount, "aws"), "AKIAROOT", nullptr};
  EXPECT_EQ(outcome(assume(root)), "403 AccessDenied Roles may not be assumed by root accounts.");
}

// Durations that depend on the role and the caller.

TEST_F(AssumeRole, DurationIsBoundByTheRole) {
  target().max_session_duration = hours(1);
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"DurationSeconds", "3600"}})), "ok");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"DurationSeconds", "3601"}})),
            "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
}

TEST_F(AssumeRole, OnlyACallerThatMayLearnsOfTheRolesLimit) {
  target().max_session_duration = hours(1);
  dev().policies = {deny("sts:*", "*")};
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"DurationSeconds", "3601"}})),
            "403 AccessDenied " + denied(kDevArn));
}

class RoleChaining : public AssumeRole {
 protected:
  RoleChaining() {
    world_.roles.push_back({.name = "second",
                            .trust = trust(R"({"AWS":")" + kArn + R"("})"),
                            .max_session_duration = hours(12)});
  }
  static constexpr std::string_view kSecond = "arn:aws:iam::123456789012:role/second";
};

TEST_F(RoleChaining, ASessionAssumesARoleThatTrustsItsRole) {
  const auto first = caller_of(assume(user()));
  const auto answer = assume(first, kSecond);
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "Arn"), "arn:aws:sts::123456789012:assumed-role/second/session-1");
  EXPECT_EQ(
      outcome(assume(first)),
      "403 AccessDenied " + denied("arn:aws:sts::123456789012:assumed-role/target/session-1"));
}

TEST_F(RoleChaining, IsBoundToOneHour) {
  const auto first = caller_of(assume(user()));
  EXPECT_EQ(outcome(assume(first, kSecond, {{"DurationSeconds", "3600"}})), "ok");
  EXPECT_EQ(
      outcome(assume(first, kSecond, {{"DurationSeconds", "3601"}})),
      "400 ValidationError The requested DurationSeconds exceeds the 1 hour session limit for "
      "roles assumed by role chaining.");
}

TEST_F(RoleChaining, TheRolesOwnLimitIsToldFirst) {
  world_.roles.back().max_session_duration = hours(1);
  const auto first = caller_of(assume(user()));
  EXPECT_EQ(outcome(assume(first, kSecond, {{"DurationSeconds", "3601"}})),
            "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
}

TEST_F(RoleChaining, AnInstanceThatAssumesAnotherRoleChains) {
  target().trust = support::kTrustEc2;
  const auto credentials = issue_for_service({.service_principal = "ec2.amazonaws.com",
                                              .account = std::string(kAccount),
                                              .role_name = "target",
                                              .session_name = "i-1",
                                              .lifetime = hours(6),
                                              .delivery = iam::RoleDelivery::imdsv2,
                                              .source_instance_arn = ""},
                                             world_.authority(), world_.clock.now(), world_.random)
                               .value();
  auto request = StsWorld::post("Action=GetCallerIdentity&Version=2011-06-15");
  world_.sign(request, credentials);
  const auto instance = authenticate(request, "sts", aws::PathRule::normalize_and_encode_twice,
                                     world_.authority(), world_.clock.now())
                            .value();
  EXPECT_EQ(outcome(assume(instance, kSecond, {{"DurationSeconds", "3600"}})), "ok");
  EXPECT_NE(outcome(assume(instance, kSecond, {{"DurationSeconds", "3601"}})), "ok");
}

TEST_F(RoleChaining, PermissionsActOnLiveSessions) {
  world_.roles.back().trust = kTrustAccount;
  const auto first = caller_of(assume(user()));
  EXPECT_NE(outcome(assume(first, kSecond)), "ok");
  target().policies = {allow("sts:AssumeRole", "*")};
  EXPECT_EQ(outcome(assume(first, kSecond)), "ok");
}

TEST_F(RoleChaining, SessionsBeforeATimeCanBeRevoked) {
  const auto first = caller_of(assume(user()));
  target().policies = {
      R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*",)"
      R"("Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:10:00Z"}}}})"};
  world_.clock.advance(std::chrono::minutes(10));
  EXPECT_NE(outcome(assume(first, kSecond)), "ok");
  EXPECT_EQ(outcome(assume(caller_of(assume(user())), kSecond)), "ok");
}

// auth.mode

TEST_F(AssumeRole, AuditLetsPassWhatItWouldDenyAndSaysSo) {
  world_.mode = iam::AuthMode::audit;
  dev().policies = {deny("sts:*", "*")};
  const auto answer = assume(user());
  EXPECT_EQ(outcome(answer), "ok");
  EXPECT_TRUE(answer.would_deny);
  ASSERT_TRUE(answer.decision);
  EXPECT_EQ(answer.decision->reason, iam::Decision::Reason::explicit_deny);
  dev().policies = {};
  EXPECT_FALSE(assume(user()).would_deny);
}

TEST_F(AssumeRole, AuditStillChecksParametersAndDurations) {
  world_.mode = iam::AuthMode::audit;
  target().max_session_duration = hours(1);
  EXPECT_NE(outcome(assume(user(), kRoleArn, {{"DurationSeconds", "3601"}})), "ok");
  EXPECT_EQ(outcome(assume(user(), "arn:aws:iam::123456789012:role/missing")),
            "403 AccessDenied " + denied(kDevArn, "arn:aws:iam::123456789012:role/missing"));
}

TEST_F(AssumeRole, OffDecidesNothing) {
  world_.mode = iam::AuthMode::off;
  const iam::Caller root{root_principal(kAccount, "aws"), "test", nullptr};
  const auto answer = assume(root);
  EXPECT_EQ(outcome(answer), "ok");
  EXPECT_FALSE(answer.decision);
  EXPECT_FALSE(answer.would_deny);
}

}  // namespace
}  // namespace imdsd::sts
