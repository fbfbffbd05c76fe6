// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/policy_document.h"
#include "tests/unit/iam/policy_text.h"

namespace imdsd::iam {
namespace {

using namespace policy_text;

using Kind = PrincipalPattern::Kind;

constexpr std::string_view kTrust = R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Ec2",
      "Effect": "Allow",
      "Principal": {"Service": ["ec2.amazonaws.com", "Lambda.amazonaws.com"]},
      "Action": "sts:AssumeRole"
    },
    {
      "Effect": "Deny",
      "Principal": {"AWS": ["*", "123456789012", "arn:aws:iam::210987654321:root",
        "arn:aws:iam::123456789012:user/a/b/dev", "arn:aws-cn:iam::123456789012:role/r",
        "arn:aws:sts::123456789012:assumed-role/r/s", "arn:aws:sts::123456789012:federated-user/f",
        "AROAQAAAAAAAAAAAAAAAA"],
        "Federated": ["accounts.google.com", "arn:aws:iam::123456789012:saml-provider/p",
        "arn:aws:iam::123456789012:oidc-provider/h/x"]},
      "Action": ["sts:AssumeRole", "STS:Tag*"],
      "Condition": {"StringEquals": {"sts:ExternalId": ["a", "b"]},
        "Bool": {"aws:SecureTransport": false}}
    }
  ]
})";

TEST(ParsePolicy, TellsWhereStatementsStand) {
  const std::string text =
      "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\n    \"Effect\": \"Allow\",\n"
      "    \"Action\": \"*\",\n    \"Resource\": \"*\"\n  }\n}";
  const auto parsed = parse_policy(text, PolicyKind::identity);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Statement& statement = parsed->document.statements.at(0);
  EXPECT_EQ(statement.start.line, 3U);
  EXPECT_EQ(statement.start.column, 16U);
  EXPECT_EQ(statement.end.line, 7U);
  EXPECT_EQ(statement.end.column, 4U);
}

TEST(ParsePolicy, TellsWherePrincipalsStand) {
  const std::string text =
      R"({"Statement":[{"Effect":"Allow","Action":"sts:*","Principal":"*"},{"Effect":"Deny",)"
      R"("Action":"sts:*","Principal":{"Service":"ec2.amazonaws.com","AWS":["123456789012",)"
      R"( "\u0041ROAQAAAAAAAAAAAAAAAA"]}}]})";
  const auto parsed = parse_policy(text, PolicyKind::trust);
  ASSERT_TRUE(parsed) << parsed.error().message;
  std::vector<std::string> tokens;
  for (const Statement& statement : parsed->document.statements) {
    for (const PrincipalPattern& principal : *statement.principals) {
      tokens.push_back(parsed->document.text.substr(principal.text_at, principal.text_size));
    }
  }
  const std::vector<std::string> expected{R"("*")", R"("ec2.amazonaws.com")", R"("123456789012")",
                                          R"("\u0041ROAQAAAAAAAAAAAAAAAA")"};
  EXPECT_EQ(tokens, expected);
}

TEST(ParsePolicy, ReadsTrustPolicy) {
  const auto parsed = parse_policy(kTrust, PolicyKind::trust);
  ASSERT_TRUE(parsed) << parsed.error().message << ": " << parsed.error().detail;
  EXPECT_TRUE(parsed->warnings.empty());
  const PolicyDocument& document = parsed->document;
  EXPECT_EQ(document.text, kTrust);
  EXPECT_EQ(document.version, PolicyVersion::v2012_10_17);
  ASSERT_EQ(document.statements.size(), 2U);
  const Statement& first = document.statements[0];
  EXPECT_EQ(first.sid, "Ec2");
  EXPECT_EQ(first.start.line, 4U);
  EXPECT_EQ(first.effect, Effect::allow);
  ASSERT_TRUE(first.principals);
  ASSERT_EQ(first.principals->size(), 2U);
  EXPECT_EQ((*first.principals)[1].kind, Kind::service);
  EXPECT_EQ((*first.principals)[1].value, "lambda.amazonaws.com");
  EXPECT_TRUE(first.resources.empty());
  const Statement& second = document.statements[1];
  EXPECT_EQ(second.start.line, 10U);
  EXPECT_EQ(second.effect, Effect::deny);
  EXPECT_EQ(second.actions.size(), 2U);
  EXPECT_EQ(second.conditions.size(), 2U);
  const std::pair<Kind, std::string_view> expected[] = {
      {Kind::anyone, "*"},
      {Kind::account, "123456789012"},
      {Kind::account, "210987654321"},
      {Kind::entity, "arn:aws:iam::123456789012:user/a/b/dev"},
      {Kind::entity, "arn:aws-cn:iam::123456789012:role/r"},
      {Kind::session, "arn:aws:sts::123456789012:assumed-role/r/s"},
      {Kind::session, "arn:aws:sts::123456789012:federated-user/f"},
      {Kind::entity, "AROAQAAAAAAAAAAAAAAAA"},
      {Kind::federated, "accounts.google.com"},
      {Kind::federated, "arn:aws:iam::123456789012:saml-provider/p"},
      {Kind::federated, "arn:aws:iam::123456789012:oidc-provider/h/x"},
  };
  ASSERT_EQ(second.principals->size(), std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    EXPECT_EQ((*second.principals)[i].kind, expected[i].first) << i;
    EXPECT_EQ((*second.principals)[i].value, expected[i].second) << i;
  }
  EXPECT_EQ((*second.principals)[7].unique_id, "AROAQAAAAAAAAAAAAAAAA");
  EXPECT_EQ((*second.principals)[3].unique_id, "");
}

TEST(ParsePolicy, ReadsIdentityPolicy) {
  const auto parsed = parse_policy(R"({"Id":"x","Statement":{"Effect":"Allow","NotAction":"iam:*",
    "NotResource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{}}})",
                                   PolicyKind::identity);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->document.version, PolicyVersion::v2008_10_17);
  EXPECT_EQ(parsed->document.id, "x");
  ASSERT_EQ(parsed->document.statements.size(), 1U);
  EXPECT_TRUE(parsed->document.statements[0].not_action);
  EXPECT_TRUE(parsed->document.statements[0].not_resource);
  EXPECT_EQ(parsed->document.statements[0].resources.size(), 2U);
  EXPECT_FALSE(parsed->document.statements[0].principals);
}

struct Valid {
  std::string name;
  PolicyKind kind;
  std::string text;
};

class ValidPolicies : public testing::TestWithParam<Valid> {};

TEST_P(ValidPolicies, AreAccepted) {
  const auto parsed = parse_policy(GetParam().text, GetParam().kind);
  EXPECT_TRUE(parsed) << parsed.error().message << ": " << parsed.error().detail;
}

const std::string kGithub = R"("Principal":{"Federated":"arn:aws:iam::123456789012:)"
                            R"(oidc-provider/token.actions.githubusercontent.com"})";

const Valid kValid[] = {
    {"Version2008", PolicyKind::identity,
     R"({"Version":"2008-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})"},
    {"TrustOfVersion2008", PolicyKind::trust,
     R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}})"},
    {"Managed", PolicyKind::managed, statement(R"("Action":"*","Resource":"*")")},
    {"EmptyConditionOfAnyName", PolicyKind::identity,
     statement(R"("Action":"*","Resource":"*","Condition":{"a":{}})")},
    {"UnquotedValues", PolicyKind::identity,
     statement(R"("Action":"*","Resource":"*","Condition":{"NumericLessThan":{)"
               R"("aws:MultiFactorAuthAge":3600},"Bool":{"aws:SecureTransport":[true]}})")},
    {"ShortArn", PolicyKind::identity, statement(R"("Action":"s3:*","Resource":"arn:aws:fdsasf")")},
    {"S3AccessPointHasARegion", PolicyKind::identity,
     with_resource("arn:aws:s3:eu-west-1:123456789012:accesspoint/a/object/*")},
    {"VendorWithDot", PolicyKind::identity, statement(R"("Action":"a.b-c:x","Resource":"*")")},
    {"ActionWithSpaces", PolicyKind::identity,
     statement(R"("Action":"iam: asdf safdsf af ","Resource":"*")")},
    {"IamResources", PolicyKind::identity,
     statement(R"("Action":"*","Resource":["arn:aws:iam::123456789012:user/x",)"
               R"("arn:aws:iam::aws:policy/y","arn:aws:iam::123456789012:*",)"
               R"("arn:aws:iam::123456789012:root"])")},
    {"EqualEmptySids", PolicyKind::identity,
     R"({"Statement":[{"Sid":"","Effect":"Allow","Action":"*","Resource":"*"},)"
     R"({"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}]})"},
    {"LatinLetters", PolicyKind::identity,
     statement(R"("Action":"s3:*","Resource":"arn:aws:s3:::b/é")")},
    {"BoundaryIsLikeIdentity", PolicyKind::boundary, statement(R"("Action":"*","Resource":"*")")},
    {"SessionIsLikeIdentity", PolicyKind::session, statement(R"("Action":"*","Resource":"*")")},
    {"TrustEveryone", PolicyKind::trust, statement(R"("Principal":"*","Action":"sts:*")")},
    {"TrustActions", PolicyKind::trust,
     statement(kPrincipal + R"(,"Action":["sts:AssumeRole","STS:assumeRoleWithSAML","sts:Assume*",)"
                            R"("sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetContext",)"
                            R"("sts:SetSourceIdentity","sts:??gSession","sts: AssumeRole"])")},
    {"TrustWebIdentity", PolicyKind::trust,
     statement(R"("Principal":{"Federated":"cognito-identity.amazonaws.com"},)"
               R"("Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{)"
               R"("cognito-identity.amazonaws.com:aud":"x"}})")},
    {"TrustGithub", PolicyKind::trust,
     statement(kGithub + R"(,"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{)"
                         R"("Token.actions.githubusercontent.com:SUB":["repo:o/*"]}})")},
    {"TrustGithubForOtherActions", PolicyKind::trust,
     statement(kGithub + R"(,"Action":"sts:TagSession")")},
    {"TrustOwnIssuer", PolicyKind::trust,
     statement(R"("Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/)"
               R"(token.actions.githubusercontent.com/enterprise"},)"
               R"("Action":"sts:AssumeRoleWithWebIdentity")")},
    {"DenyGithub", PolicyKind::trust,
     R"({"Statement":{"Effect":"Deny",)" + kGithub + R"(,"Action":"sts:*"}})"},
    {"BucketPolicy", PolicyKind::resource,
     statement(R"("Sid":"any thing","Principal":{"AWS":"*"},"Action":"s3:*",)"
               R"("Resource":"arn:aws:s3:::b")")},
    {"BucketPolicyNotPrincipal", PolicyKind::resource,
     R"({"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},)"
     R"("Action":"s3:*","Resource":"*"}})"},
};
INSTANTIATE_TEST_SUITE_P(ParsePolicy, ValidPolicies, testing::ValuesIn(kValid),
                         [](const auto& test) { return test.param.name; });

TEST(ParsePolicy, ErrorsCarryLineAndColumn) {
  const auto comma = parse_policy("{\n \"Statement\": [\n  1,\n ]\n}", PolicyKind::trust);
  ASSERT_FALSE(comma);
  EXPECT_EQ(comma.error().line, 4U);
  EXPECT_EQ(comma.error().column, 2U);
  const auto op = parse_policy(
      "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\n"
      "  \"Condition\":{\"StringEqual\":\n   {\"a:b\": \"c\"}}}}",
      PolicyKind::identity);
  ASSERT_FALSE(op);
  EXPECT_EQ(op.error().line, 3U);
  EXPECT_EQ(op.error().column, 12U);
  EXPECT_EQ(op.error().detail, "there is no condition operator `StringEqual`");
}

TEST(ParsePolicy, BoundsSize) {
  const std::string valid = statement(R"("Action":"*","Resource":"*")");
  EXPECT_TRUE(parse_policy(valid + std::string(131072 - valid.size(), ' '), PolicyKind::identity));
  const auto parsed =
      parse_policy(valid + std::string(131073 - valid.size(), ' '), PolicyKind::identity);
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().message.find("less than or equal to 131072"), std::string::npos);
}

TEST(ParsePolicy, RefusesCharactersThatIamDoesNotTake) {
  for (const std::string& text :
       {std::string("\xC4\x80"), std::string("\xE2\x82\xAC"), std::string("\\u0000\x01")}) {
    EXPECT_FALSE(
        parse_policy(statement(R"("Action":"*","Resource":"arn:aws:s3:::b/)" + text + "\""),
                     PolicyKind::identity));
  }
}

struct Warned {
  std::string name;
  PolicyKind kind;
  std::string text;
  std::string warning;
};

class WarnedPolicies : public testing::TestWithParam<Warned> {};

TEST_P(WarnedPolicies, AreAcceptedWithAWarning) {
  const auto parsed = parse_policy(GetParam().text, GetParam().kind);
  ASSERT_TRUE(parsed) << parsed.error().message;
  ASSERT_EQ(parsed->warnings.size(), 1U);
  EXPECT_NE(parsed->warnings[0].message.find(GetParam().warning), std::string::npos)
      << parsed->warnings[0].message;
  EXPECT_EQ(parsed->warnings[0].line, 1U);
  EXPECT_GT(parsed->warnings[0].column, 1U);
}

const Warned kWarned[] = {
    {"StraySpace", PolicyKind::trust, statement(kPrincipal + R"(,"Action":"sts: AssumeRole")"),
     "action `sts: AssumeRole` has a space in it and matches nothing"},
    {"KeyNeverFilled", PolicyKind::identity,
     with_condition(R"({"StringEquals":{"aws:SourceVpc":"vpc-1"}})"),
     "condition key `aws:SourceVpc` is never there"},
    {"KeyMisspelt", PolicyKind::identity,
     with_condition(R"({"StringEquals":{"sts:ExternalID2":"x"}})"),
     "condition key `sts:ExternalID2` is never there"},
    {"KeyWithoutPrefix", PolicyKind::identity,
     with_condition(R"({"StringEquals":{"SourceIp":"x"}})"),
     "condition key `SourceIp` is never there"},
    {"TagPrefixAlone", PolicyKind::identity,
     with_condition(R"({"StringEquals":{"aws:PrincipalTag/":"x"}})"), "aws:PrincipalTag/"},
    {"VariableInOldVersion", PolicyKind::identity,
     R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}})",
     "only version 2012-10-17 has"},
    {"VariableTooEarly", PolicyKind::identity,
     with_resource("arn:aws:sns:us-east-1:${aws:PrincipalAccount}:x"), "before the last part"},
};
INSTANTIATE_TEST_SUITE_P(ParsePolicy, WarnedPolicies, testing::ValuesIn(kWarned),
                         [](const auto& test) { return test.param.name; });

TEST(ParsePolicy, KnowsTheKeysOfTheDaemon) {
  const auto parsed = parse_policy(
      with_condition(R"({"StringLike":{"aws:PrincipalTag/Team":"x","AWS:USERNAME":"y",)"
                     R"("ec2:RoleDelivery":"2.0","aws:RequestTag/a:b":"x","aws:TagKeys":"x",)"
                     R"("iam:PassedToService":"x","s3:prefix":"x","saml:aud":"x"}})"),
      PolicyKind::identity);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->warnings.empty());
}

TEST(ParsePolicy, DoesNotJudgeTheKeysOfOthers) {
  for (const std::string key : {"accounts.google.com:aud", "oidc.example.com/id/7:sub",
                                "kms:ViaService", "cognito-identity.amazonaws.com:amr"}) {
    const auto parsed = parse_policy(
        statement(R"("Principal":"*","Action":"sts:*","Condition":{"StringEquals":{")" + key +
                  R"(":"x"}})"),
        PolicyKind::trust);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_TRUE(parsed->warnings.empty()) << key;
  }
}

TEST(ParsePolicy, SurvivesTruncationAtEachLength) {
  for (std::size_t i = 0; i < kTrust.size(); ++i) {
    const auto parsed = parse_policy(kTrust.substr(0, i), PolicyKind::trust);
    ASSERT_FALSE(parsed) << i;
    EXPECT_EQ(parsed.error().message, "This policy contains invalid Json");
    EXPECT_GE(parsed.error().line, 1U);
  }
}

// Each element in turn becomes something else: accepted or refused, but never a crash, and refused
// with a text.
TEST(ParsePolicy, SurvivesReplacedBytes) {
  for (std::size_t i = 0; i < kTrust.size(); ++i) {
    for (const char c : {'"', '{', '[', '}', ']', ',', ':', '0', '*', '$', '\\', '\0', '\xFF'}) {
      std::string text(kTrust);
      text[i] = c;
      for (const PolicyKind kind : {PolicyKind::trust, PolicyKind::identity}) {
        const auto parsed = parse_policy(text, kind);
        if (!parsed) {
          ASSERT_FALSE(parsed.error().message.empty()) << text;
        } else {
          ASSERT_EQ(parsed->document.text, text);
        }
      }
    }
  }
}

/// What is kept was taken once, maybe before there was such a rule.
TEST(StoredPolicy, IsReadWhateverANewOneMayNotHave) {
  const std::string_view trust =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":)"
      R"("sts:AssumeRoleWithWebIdentity","Principal":{"Federated":"arn:aws:iam::123456789012:)"
      R"(oidc-provider/token.actions.githubusercontent.com"}}})";
  const std::string_view unknown_action =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:Bogus",)"
      R"("Principal":{"AWS":"123456789012"}}})";
  const std::string_view any_service =
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*",)"
      R"("Resource":"arn:aws:*:::b"}})";
  for (const auto& [text, kind] :
       {std::pair(trust, PolicyKind::trust), std::pair(unknown_action, PolicyKind::trust),
        std::pair(any_service, PolicyKind::identity)}) {
    EXPECT_FALSE(parse_policy(text, kind)) << text;
    const auto stored = parse_stored_policy(text, kind);
    EXPECT_TRUE(stored) << text << stored.error().message;
  }
  EXPECT_FALSE(parse_stored_policy("{", PolicyKind::identity));
}

}  // namespace
}  // namespace imdsd::iam
