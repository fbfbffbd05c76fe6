// SPDX-License-Identifier: MIT
#include "sts/assume_role.h"
#include "tests/unit/sts/assume_role_fixture.h"

namespace imdsd::sts {
namespace {

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
  const iam::Caller root{iam::root_principal(kAccount, "aws"), "AKIAROOT", nullptr};
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
                            .trust = trust(R"({"AWS":")" + std::string(kRoleArn) + R"("})"),
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
  const iam::Caller root{iam::root_principal(kAccount, "aws"), "test", nullptr};
  const auto answer = assume(root);
  EXPECT_EQ(outcome(answer), "ok");
  EXPECT_FALSE(answer.decision);
  EXPECT_FALSE(answer.would_deny);
}

}  // namespace
}  // namespace imdsd::sts
