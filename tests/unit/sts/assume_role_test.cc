// SPDX-License-Identifier: MIT
#include "sts/assume_role.h"

#include "tests/unit/sts/assume_role_fixture.h"

namespace imdsd::sts {
namespace {

TEST_F(AssumeRole, AnswersInStsShape) {
  const auto answer = assume(user());
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = *answer.xml;
  const std::string id =
      world_.authority().directory->find<iam::Role>(kAccount, "target")->unique_id;
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

}  // namespace
}  // namespace imdsd::sts
