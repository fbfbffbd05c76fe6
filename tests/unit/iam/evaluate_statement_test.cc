// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "iam/evaluate.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;
using Reason = Decision::Reason;

TEST(Evaluate, NamesEveryStatementThatMatched) {
  PolicySet policies;
  policies.identity = {
      allowing("a"),
      policy("b",
             "[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"},\n"
             "{\"Sid\":\"NoGet\",\"Effect\":\"Deny\",\"Action\":\"s3:Get*\",\"Resource\":\"*\"}]",
             PolicyKind::identity)};
  policies.boundary = allowing("boundary");
  const Decision decision = decide(policies, principal(PrincipalType::user));
  EXPECT_EQ(decision.reason, Reason::explicit_deny);
  ASSERT_EQ(decision.matches.size(), 3U);
  EXPECT_EQ(decision.matches[0].policy->name, "a");
  EXPECT_EQ(decision.matches[0].statement().effect, Effect::allow);
  EXPECT_EQ(decision.matches[1].policy->name, "b");
  EXPECT_EQ(decision.matches[1].statement_index, 1U);
  EXPECT_EQ(decision.matches[1].statement().sid, "NoGet");
  EXPECT_EQ(decision.matches[1].statement().effect, Effect::deny);
  EXPECT_EQ(decision.matches[1].layer, Layer::identity);
  EXPECT_EQ(decision.matches[2].layer, Layer::boundary);
}

TEST(Evaluate, AllowBehindADenyDoesNotLiftIt) {
  PolicySet policies;
  policies.identity = {denying("a"), allowing("b")};
  EXPECT_EQ(decide(policies, principal(PrincipalType::user)).reason, Reason::explicit_deny);
  policies.identity = {allowing("b"), denying("a")};
  EXPECT_EQ(decide(policies, principal(PrincipalType::user)).reason, Reason::explicit_deny);
}

TEST(Evaluate, TellsTheVerdictOfEachLayer) {
  PolicySet policies;
  policies.identity = {allowing("a")};
  policies.boundary = other_action("b");
  policies.session = PolicyList{denying("c")};
  const Decision decision = decide(policies, principal(PrincipalType::assumed_role));
  EXPECT_EQ(decision.verdict(Layer::service_control), Verdict::not_applicable);
  EXPECT_EQ(decision.verdict(Layer::resource_control), Verdict::not_applicable);
  EXPECT_EQ(decision.verdict(Layer::resource), Verdict::not_applicable);
  EXPECT_EQ(decision.verdict(Layer::identity), Verdict::allow);
  EXPECT_EQ(decision.verdict(Layer::boundary), Verdict::implicit_deny);
  EXPECT_EQ(decision.verdict(Layer::session), Verdict::explicit_deny);
}

TEST(Evaluate, EmptySessionPoliciesAllowNothing) {
  PolicySet policies;
  policies.identity = {allowing("a")};
  policies.session.emplace();
  EXPECT_FALSE(decide(policies, principal(PrincipalType::federated_user)).allowed());
}

struct MatchRow {
  std::string_view name, statement;
  bool allowed;
};

class StatementMatch : public testing::TestWithParam<MatchRow> {};

TEST_P(StatementMatch, Decides) {
  PolicySet policies;
  policies.identity = {policy("p", std::string(GetParam().statement), PolicyKind::identity)};
  EXPECT_EQ(decide(policies, principal(PrincipalType::user)).allowed(), GetParam().allowed);
}

// The request: s3:GetObject on arn:aws:s3:::bucket/key by arn:aws:iam::123456789012:user/team/u.
constexpr MatchRow kMatches[] = {
    {"Action", R"({"Effect":"Allow","Action":"S3:getobject","Resource":"*"})", true},
    {"OtherAction", R"({"Effect":"Allow","Action":"s3:PutObject","Resource":"*"})", false},
    {"NotAction", R"({"Effect":"Allow","NotAction":"s3:PutObject","Resource":"*"})", true},
    {"NotActionListed", R"({"Effect":"Allow","NotAction":["sqs:*","s3:Get*"],"Resource":"*"})",
     false},
    {"Resource", R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::bucket/*"})", true},
    {"OtherResource", R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::bucket"})", false},
    {"NotResource", R"({"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::bucket"})", true},
    {"NotResourceListed", R"({"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::b*"})",
     false},
    {"StraySpace", R"({"Effect":"Allow","Action":"s3: GetObject","Resource":"*"})", false},
    {"Condition",
     R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{)"
     R"("aws:PrincipalArn":"arn:aws:iam::*:user/team/*"}}})",
     true},
    {"ConditionFails",
     R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{)"
     R"("aws:PrincipalArn":"arn:aws:iam::*:role/*"}}})",
     false},
    {"AllConditionsMustHold",
     R"({"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ArnLike":{)"
     R"("aws:PrincipalArn":"arn:aws:iam::*:user/team/*"},"Bool":{)"
     R"("aws:SecureTransport":"true"}}})",
     false},
};
INSTANTIATE_TEST_SUITE_P(Evaluate, StatementMatch, testing::ValuesIn(kMatches),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Evaluate, RequestWithoutResourceMatchesStarOnly) {
  const Caller caller{principal(PrincipalType::user), "", nullptr};
  RequestContext request;
  request.caller = &caller;
  request.action = "sts:GetAccessKeyInfo";
  PolicySet policies;
  policies.identity = {policy("p",
                              R"({"Effect":"Allow","Action":"*","Resource":"arn:aws:iam::*:*"})",
                              PolicyKind::identity)};
  EXPECT_FALSE(evaluate(policies, request).allowed());
  policies.identity = {allowing("p")};
  EXPECT_TRUE(evaluate(policies, request).allowed());
}

TEST(Evaluate, RecreatedRoleIsAnotherOne) {
  PolicySet policies;
  policies.resource = resource_policy("role");
  Principal recreated = principal(PrincipalType::assumed_role);
  EXPECT_TRUE(decide(policies, recreated).allowed());
  recreated.entity_id = "AROAQBBBBBBBBBBBBBBBB";
  EXPECT_FALSE(decide(policies, recreated).allowed());
}

}  // namespace
}  // namespace imdsd::iam
