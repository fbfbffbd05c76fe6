// SPDX-License-Identifier: MIT
#include "iam/remedy.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "iam/near_match.h"
#include "iam/policy_literal.h"
#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;
using Json = nlohmann::json;
using Kind = PolicyChange::Kind;

PolicyPointer identity(std::string name, const std::string& statements) {
  return policy(std::move(name), statements, PolicyKind::identity);
}

class RemedyTest : public testing::Test {
 protected:
  RemedyTest() {
    caller_.principal = principal(PrincipalType::assumed_role);
    request_.caller = &caller_;
    request_.action = "s3:GetObject";
    request_.resource = aws::Arn{"aws", "s3", "", "", "bucket/key"};
    request_.resource_account = kAccount;
    request_.keys.set("aws:PrincipalArn", caller_.principal.entity_arn);
  }
  [[nodiscard]] Remedy remedy() const {
    const Decision decision = evaluate(policies_, request_);
    EXPECT_FALSE(decision.allowed());
    return find_remedy(policies_, request_, decision);
  }
  /// The one change; its statement is compared.
  PolicyChange only_change(const std::string& statement) const {
    const Remedy found = remedy();
    EXPECT_TRUE(found.allows);
    EXPECT_EQ(found.changes.size(), 1U);
    if (found.changes.empty()) return {};
    const auto& text = found.changes.front().statement;
    EXPECT_EQ(text.empty() ? Json() : Json::parse(text),
              statement.empty() ? Json() : Json::parse(statement));
    return found.changes.front();
  }

  Caller caller_;
  RequestContext request_;
  PolicySet policies_;
};

const std::string kAllowed =
    R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/key"})";

TEST_F(RemedyTest, WithoutPoliciesIsANewOne) {
  const auto change = only_change(kAllowed);
  EXPECT_EQ(change.kind, Kind::add_statement);
  EXPECT_EQ(change.layer, Layer::identity);
  EXPECT_EQ(change.policy, nullptr);
}

TEST_F(RemedyTest, IsAddedWhereItWasNearlyAllowed) {
  policies_.identity = {
      identity("inline", R"({"Effect":"Allow","Action":"sqs:*","Resource":"*"})"),
      identity("reader",
               R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"})")};
  EXPECT_EQ(only_change(kAllowed).policy, policies_.identity[1]);
}

TEST_F(RemedyTest, LeavesPoliciesOfAwsAsTheyAre) {
  auto managed = std::make_shared<NamedPolicy>(
      *identity("ViewOnly", R"({"Effect":"Allow","Action":"s3:List*","Resource":"*"})"));
  managed->arn = "arn:aws:iam::aws:policy/ViewOnly";
  policies_.identity = {managed};
  EXPECT_EQ(only_change(kAllowed).policy, nullptr);
  policies_.identity.push_back(other_action("inline"));
  EXPECT_EQ(only_change(kAllowed).policy->name, "inline");
}

TEST_F(RemedyTest, GoesThroughLayersThatRefuseOneAfterTheOther) {
  policies_.boundary = other_action("limit");
  policies_.session = PolicyList{other_action("Policy")};
  const Remedy found = remedy();
  EXPECT_TRUE(found.allows);
  ASSERT_EQ(found.changes.size(), 3U);
  EXPECT_EQ(found.changes[0].layer, Layer::identity);
  EXPECT_EQ(found.changes[1].layer, Layer::boundary);
  EXPECT_EQ(found.changes[1].policy->name, "limit");
  EXPECT_EQ(found.changes[2].layer, Layer::session);
}

TEST_F(RemedyTest, NamesTheCallerInTrustPolicies) {
  request_.action = "sts:AssumeRole";
  request_.resource = aws::Arn{"aws", "iam", "", std::string(kOtherAccount), "role/target"};
  request_.resource_account = kOtherAccount;
  policies_.identity = {allowing("all")};
  policies_.resource = policy(
      "trust",
      R"({"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"})",
      PolicyKind::trust);
  policies_.resource_must_allow = true;
  const auto change = only_change(
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/app/r"},"Action":"sts:AssumeRole"})");
  EXPECT_EQ(change.policy, policies_.resource);
  EXPECT_EQ(change.layer, Layer::resource);
}

TEST_F(RemedyTest, KeepsATokensAudienceAndSubject) {
  caller_.principal = principal(PrincipalType::web_identity);
  request_.action = "sts:AssumeRoleWithWebIdentity";
  request_.keys.set("accounts.google.com:aud", "app");
  request_.keys.set("accounts.google.com:sub", "1*");
  policies_.resource_must_allow = true;
  only_change(
      R"({"Effect":"Allow","Principal":{"Federated":"accounts.google.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"accounts.google.com:aud":"app","accounts.google.com:sub":"1${*}"}}})");
}

TEST_F(RemedyTest, PassesARoleToItsServiceAlone) {
  request_.action = "iam:PassRole";
  request_.resource = aws::Arn{"aws", "iam", "", std::string(kAccount), "role/r"};
  request_.keys.set("iam:PassedToService", "ec2.amazonaws.com");
  only_change(
      R"({"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/r","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}})");
}

TEST_F(RemedyTest, TakesNamesOfObjectsLiterally) {
  EXPECT_EQ(policy_literal("a*b?c$d${e}"), "a${*}b${?}c$d${$}{e}");
  request_.resource->resource = "bucket/${aws:username}/*?";
  EXPECT_EQ(
      Json::parse(
          only_change(
              R"({"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/${$}{aws:username}/${*}${?}"})")
              .statement)["Effect"],
      "Allow");
}

TEST_F(RemedyTest, AllowsAnyWhereAnyWasMeant) {
  request_.action = "ec2:RunInstances";
  request_.resource = aws::Arn{"aws", "ec2", "us-east-1", std::string(kAccount), "subnet/*"};
  only_change(
      R"({"Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:us-east-1:123456789012:subnet/*"})");
}

struct DenyCase {
  std::string_view name, deny, becomes;  // empty: it is removed
};
void PrintTo(const DenyCase& c, std::ostream* out) {
  *out << c.name;
}

class LiftedDeny : public RemedyTest, public testing::WithParamInterface<DenyCase> {};

TEST_P(LiftedDeny, StaysForEverythingElse) {
  policies_.identity = {allowing("all"),
                        identity("guard", "[" + std::string(GetParam().deny) + "]")};
  const auto change = only_change(std::string(GetParam().becomes));
  EXPECT_EQ(change.kind,
            GetParam().becomes.empty() ? Kind::remove_statement : Kind::change_statement);
  EXPECT_EQ(change.policy->name, "guard");
  EXPECT_EQ(change.index, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Remedy, LiftedDeny,
    testing::Values(
        DenyCase{"action",
                 R"({"Effect":"Deny","Action":["s3:getobject","s3:PutObject"],"Resource":"*"})",
                 R"({"Effect":"Deny","Action":["s3:PutObject"],"Resource":"*"})"},
        DenyCase{"not_action", R"({"Effect":"Deny","NotAction":"iam:*","Resource":"*"})",
                 R"({"Effect":"Deny","NotAction":["iam:*","s3:GetObject"],"Resource":"*"})"},
        DenyCase{
            "resource",
            R"({"Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::bucket/key","arn:aws:s3:::b/*"]})",
            R"({"Effect":"Deny","Action":"s3:*","Resource":["arn:aws:s3:::b/*"]})"},
        DenyCase{
            "not_resource", R"({"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/*"})",
            R"({"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::b/*","arn:aws:s3:::bucket/key"]})"},
        DenyCase{
            "principal", R"({"Effect":"Deny","Action":"s3:*","Resource":"*"})",
            R"({"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/app/r"}}})"},
        DenyCase{
            "one_more_principal",
            R"({"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/x"}}})",
            R"({"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":["arn:aws:iam::123456789012:role/x","arn:aws:iam::123456789012:role/app/r"]}}})"},
        // The list names it twice: by its name and by a wildcard.
        DenyCase{
            "wildcard_beside",
            R"({"Effect":"Deny","Action":["s3:GetObject","s3:Get*"],"Resource":"*"})",
            R"({"Effect":"Deny","Action":["s3:GetObject","s3:Get*"],"Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/app/r"}}})"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST_F(RemedyTest, RemovesADenyThatNothingExcepts) {
  request_.keys = ConditionKeys();
  policies_.identity = {allowing("all"), denying("guard")};
  EXPECT_EQ(only_change("").kind, Kind::remove_statement);
}

TEST_F(RemedyTest, LiftsSeveralDeniesOfOnePolicy) {
  request_.keys = ConditionKeys();
  policies_.identity = {identity("guard", R"([{"Effect":"Deny","Action":"*","Resource":"*"},
      {"Effect":"Allow","Action":"sqs:*","Resource":"*"},
      {"Effect":"Deny","Action":"s3:*","Resource":"*"}])")};
  const Remedy found = remedy();
  EXPECT_TRUE(found.allows);
  ASSERT_EQ(found.changes.size(), 3U);
  EXPECT_EQ(found.changes[0].index, 0U);
  EXPECT_EQ(found.changes[1].index, 2U);
  EXPECT_EQ(found.changes[2].kind, Kind::add_statement);
}

TEST_F(RemedyTest, FindsTheKeyThatIsMissing) {
  policies_.identity = {identity("mfa", R"({"Effect":"Allow","Action":"s3:*","Resource":"*",
      "Condition":{"Bool":{"aws:MultiFactorAuthPresent":true},
                   "IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]}}})")};
  const Remedy found = remedy();
  EXPECT_EQ(found.keys, (std::vector<std::pair<std::string, std::string>>{
                            {"aws:MultiFactorAuthPresent", "true"}, {"aws:SourceIp", "10.0.0.0"}}));
  EXPECT_TRUE(found.allows) << "a statement of its own does it, too";
}

TEST_F(RemedyTest, FindsTheKeyThatADenyWants) {
  policies_.identity = {allowing("all"),
                        identity("region", R"({"Effect":"Deny","Action":"*","Resource":"*",
          "Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","eu-central-1"]}}})")};
  EXPECT_EQ(
      remedy().keys,
      (std::vector<std::pair<std::string, std::string>>{{"aws:RequestedRegion", "eu-west-1"}}));
}

TEST_F(RemedyTest, SaysWhenNothingHelps) {
  caller_.principal.entity_arn = "no ARN";
  caller_.principal.entity_id = "";
  request_.resource_account = kOtherAccount;
  policies_.identity = {allowing("all")};
  EXPECT_FALSE(remedy().allows) << "no Principal can name the caller";
}

TEST_F(RemedyTest, NearMatchesLackOneElement) {
  policies_.identity = {identity("p", R"([
      {"Effect":"Allow","Action":"s3:PutObject","Resource":"*"},
      {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"},
      {"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}},
      {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::other/*"},
      {"Effect":"Allow","Action":"sqs:*","Resource":"*"}])")};
  const auto near = near_matches(policies_, request_, evaluate(policies_, request_));
  ASSERT_EQ(near.size(), 3U);
  EXPECT_EQ(near[0].misses, NearMatch::Element::action);
  EXPECT_EQ(near[1].misses, NearMatch::Element::resource);
  EXPECT_EQ(near[2].misses, NearMatch::Element::condition);
  EXPECT_EQ(near[2].conditions, std::vector<std::size_t>{0});
  const auto written = written_conditions(near[2].match);
  ASSERT_EQ(written.size(), 1U);
  EXPECT_EQ(written[0].op + written[0].key + written[0].values[0], "Boolaws:SecureTransporttrue");
}

}  // namespace
}  // namespace imdsd::iam
