// SPDX-License-Identifier: MIT
#include "sts/issue_for_service.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "sts/session_token.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using std::chrono::hours;
using std::chrono::seconds;
using support::trust;

class IssueForService : public testing::Test {
 protected:
  IssueForService() {
    world_.roles.push_back(
        {.name = "app-role", .trust = support::kTrustEc2, .max_session_duration = hours(1)});
  }

  base::Result<aws::Credentials> issue() {
    return issue_for_service(request_, world_.authority(), world_.clock.now(), world_.random);
  }

  std::string outcome() {
    const auto issued = issue();
    if (issued) return "ok";
    return issued.error().code == Errc::access_denied ? "denied: " + issued.error().message
                                                      : issued.error().message;
  }

  support::StsWorld world_;
  ServiceSessionRequest request_{.service_principal = "ec2.amazonaws.com",
                                 .account = std::string(support::kAccount),
                                 .role_name = "app-role",
                                 .session_name = "i-0a1b2c3d4e5f60718",
                                 .lifetime = hours(6),
                                 .delivery = iam::RoleDelivery::imdsv1,
                                 .source_instance_arn = "arn:aws:ec2:us-east-1:1:instance/i"};
};

TEST_F(IssueForService, MakesASessionOfTheRole) {
  const auto credentials = issue();
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ(credentials->access_key_id.substr(0, 4), "ASIA");
  EXPECT_EQ(aws::account_in_id(credentials->access_key_id)->text(), support::kAccount);
  const auto authority = world_.authority();
  const auto claims =
      open_session_token(credentials->session_token.reveal(), *authority.key_ring).value();
  EXPECT_EQ(claims.access_key_id, credentials->access_key_id);
  EXPECT_EQ(claims.secret_access_key.reveal(), credentials->secret_access_key.reveal());
  EXPECT_EQ(claims.session_name, "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(claims.entity_id,
            authority.directory->find<iam::Role>(support::kAccount, "app-role")->unique_id);
  EXPECT_EQ(claims.session.role_delivery, iam::RoleDelivery::imdsv1);
  EXPECT_EQ(claims.session.source_instance_arn, "arn:aws:ec2:us-east-1:1:instance/i");
  EXPECT_TRUE(claims.session.from_service);
}

TEST_F(IssueForService, ResourceControlPoliciesBindServices) {
  const auto deny = [this](const std::string& condition) {
    const std::string text =
        R"({"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:*",)"
        R"("Resource":"*","Condition":{"Bool":)" +
        condition + "}}}";
    auto document = std::make_shared<const iam::PolicyDocument>(
        iam::parse_policy(text, iam::PolicyKind::resource).value().document);
    world_.control_policies[std::string(support::kAccount)].resource_control = {
        {"limit", "", std::move(document)}};
  };
  deny(R"({"aws:PrincipalIsAWSService":"false"})");
  EXPECT_EQ(outcome(), "ok");
  deny(R"({"aws:PrincipalIsAWSService":"true"})");
  EXPECT_EQ(outcome(),
            "denied: a resource control policy of account 123456789012 does not let "
            "ec2.amazonaws.com assume role `app-role`");
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(outcome(), "ok");
}

TEST_F(IssueForService, NeitherTheRolesLimitNorFifteenMinutesBindIt) {
  EXPECT_EQ(issue()->expiration, fakes::ManualClock::kStart + hours(6));
  request_.lifetime = seconds(5);
  EXPECT_EQ(issue()->expiration, fakes::ManualClock::kStart + seconds(5));
}

TEST_F(IssueForService, RoundsTheExpirationDown) {
  world_.clock.advance(std::chrono::milliseconds(999));
  EXPECT_EQ(issue()->expiration, fakes::ManualClock::kStart + hours(6));
}

TEST_F(IssueForService, UnknownRoleIsNotFound) {
  request_.role_name = "missing";
  EXPECT_EQ(issue().error().code, Errc::not_found);
  request_.role_name = "app-role";
  request_.account = std::string(support::kOtherAccount);
  EXPECT_EQ(issue().error().code, Errc::not_found);
}

TEST_F(IssueForService, TheTrustPolicyMustAdmitTheService) {
  const std::string denied =
      "denied: the trust policy of role `app-role` does not let ec2.amazonaws.com assume it";
  world_.roles[0].trust = trust(R"({"Service":"lambda.amazonaws.com"})");
  EXPECT_EQ(outcome(), denied);
  world_.roles[0].trust = trust(R"({"AWS":"arn:aws:iam::123456789012:root"})");
  EXPECT_EQ(outcome(), denied);
  world_.roles[0].trust = trust(R"({"Service":["lambda.amazonaws.com","ec2.amazonaws.com"]})");
  EXPECT_EQ(outcome(), "ok");
}

TEST_F(IssueForService, ItsConditionsAreEvaluated) {
  world_.roles[0].trust = trust(R"({"Service":"ec2.amazonaws.com"})",
                                R"({"DateLessThan":{"aws:CurrentTime":"2026-01-01T01:00:00Z"}})");
  EXPECT_EQ(outcome(), "ok");
  world_.clock.advance(hours(1));
  EXPECT_NE(outcome(), "ok");
}

TEST_F(IssueForService, AuditAndOffLetPass) {
  world_.roles[0].trust = trust(R"({"Service":"lambda.amazonaws.com"})");
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(outcome(), "ok");
  world_.mode = iam::AuthMode::off;
  EXPECT_EQ(outcome(), "ok");
}

/// What EKS asks for a pod.
class IssueForPod : public IssueForService {
 protected:
  IssueForPod() {
    request_.service_principal = "pods.eks.amazonaws.com";
    request_.delivery.reset();
    request_.source_instance_arn.clear();
    request_.source_arn = "arn:aws:eks:us-east-1:123456789012:cluster/dev";
    request_.tags = {{"kubernetes-namespace", "shop"}, {"kubernetes-service-account", "cart"}};
  }
  void trusts(std::string_view action, std::string_view condition = {}) {
    world_.roles[0].trust = trust(R"({"Service":"pods.eks.amazonaws.com"})", condition, action);
  }
  static constexpr std::string_view kBoth = R"(["sts:AssumeRole","sts:TagSession"])";
};

TEST_F(IssueForPod, ItsTagsAreTransitive) {
  trusts(kBoth);
  const auto credentials = issue();
  ASSERT_TRUE(credentials) << credentials.error().message;
  const auto session =
      open_session_token(credentials->session_token.reveal(), *world_.authority().key_ring)
          ->session;
  EXPECT_EQ(session.tags, request_.tags);
  EXPECT_EQ(session.transitive_tag_keys,
            (std::vector<std::string>{"kubernetes-namespace", "kubernetes-service-account"}));
  EXPECT_FALSE(session.role_delivery);
}

TEST_F(IssueForPod, TagsNeedTagSession) {
  trusts(R"("sts:AssumeRole")");
  EXPECT_EQ(outcome(),
            "denied: the trust policy of role `app-role` does not let "
            "pods.eks.amazonaws.com tag its sessions (sts:TagSession)");
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(outcome(), "ok");
  world_.mode = iam::AuthMode::enforce;
  request_.tags.clear();
  EXPECT_EQ(outcome(), "ok");
}

TEST_F(IssueForPod, TrustPoliciesSeeTheSourceAndTheTags) {
  constexpr std::string_view kConfused =
      R"({"ArnLike":{"aws:SourceArn":"arn:aws:eks:us-east-1:123456789012:cluster/*"},)"
      R"("StringEquals":{"aws:SourceAccount":"123456789012",)"
      R"("aws:RequestTag/kubernetes-namespace":"shop"}})";
  trusts(kBoth, kConfused);
  EXPECT_EQ(outcome(), "ok");
  request_.tags["kubernetes-namespace"] = "other";
  EXPECT_NE(outcome(), "ok");
  request_.tags["kubernetes-namespace"] = "shop";
  request_.source_arn = "arn:aws:eks:us-east-1:210987654321:cluster/dev";
  EXPECT_NE(outcome(), "ok");
  request_.source_arn.clear();
  EXPECT_NE(outcome(), "ok");
}

TEST_F(IssueForPod, TagsAreThoseThatStsTakes) {
  trusts(kBoth);
  request_.tags = {{"aws:reserved", "v"}};
  EXPECT_EQ(issue().error().code, Errc::invalid_argument);
  request_.tags = {{"key", std::string(257, 'v')}};
  EXPECT_EQ(issue().error().code, Errc::invalid_argument);
}

}  // namespace
}  // namespace imdsd::sts
