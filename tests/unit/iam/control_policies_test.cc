// SPDX-License-Identifier: MIT
#include "iam/control_policies.h"

#include <gtest/gtest.h>

#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;

NamedPolicy named(std::string_view statement, PolicyKind kind) {
  return *policy("limit", std::string(statement), kind);
}

/// What both of an account's kinds of control policies make of s3:GetObject, which the user may.
Decision decided(AccountControls controls, std::string_view account = kAccount) {
  PolicySet policies;
  policies.identity = {allowing("identity")};
  add_control_policies(std::make_shared<const ControlPolicies>(
                           ControlPolicies{{std::string(account), std::move(controls)}}),
                       std::string(kAccount), std::string(kAccount), policies);
  return decide(policies, principal(PrincipalType::user));
}

constexpr std::string_view kDenyDelete =
    R"({"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"*"})";

TEST(ControlPolicies, ThatDenyAResourceOneActionLeaveTheOthers) {
  const Decision decision = decided({{}, {named(kDenyDelete, PolicyKind::resource)}});
  EXPECT_TRUE(decision.allowed());
  EXPECT_EQ(decision.verdict(Layer::resource_control), Verdict::allow);
}

TEST(ControlPolicies, ThatDenyAResourceOutweighWhatEveryAccountHas) {
  const Decision decision =
      decided({{},
               {named(R"({"Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"*"})",
                      PolicyKind::resource)}});
  EXPECT_EQ(decision.reason, Decision::Reason::explicit_deny);
  EXPECT_EQ(decision.decided_by, Layer::resource_control);
}

TEST(ControlPolicies, OfServicesMustAllow) {
  const NamedPolicy deny =
      named(R"({"Effect":"Deny","Action":"s3:DeleteObject","Resource":"*"})", PolicyKind::identity);
  const Decision decision = decided({{deny}, {}});
  EXPECT_EQ(decision.reason, Decision::Reason::implicit_deny);
  EXPECT_EQ(decision.decided_by, Layer::service_control);
}

TEST(ControlPolicies, OfAnotherAccountDoNotBind) {
  const Decision decision =
      decided({{},
               {named(R"({"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"})",
                      PolicyKind::resource)}},
              kOtherAccount);
  EXPECT_TRUE(decision.allowed());
  EXPECT_EQ(decision.verdict(Layer::resource_control), Verdict::not_applicable);
}

TEST(ControlPolicies, OfResourcesBindNoActionOfIamAndEc2) {
  PolicySet policies;
  policies.identity = {allowing("identity")};
  policies.resource_control = PolicyList{denying("rcp")};
  const Caller caller{principal(PrincipalType::user), "", nullptr};
  for (const auto& [action, bound] : {std::pair("s3:GetObject", true),
                                      {"sts:AssumeRole", true},
                                      {"sqs:SendMessage", true},
                                      {"iam:GetRole", false},
                                      {"IAM:PassRole", false},
                                      {"ec2:RunInstances", false}}) {
    const RequestContext request{&caller, action, std::nullopt, std::string(kAccount), {}};
    EXPECT_EQ(evaluate(policies, request).allowed(), !bound) << action;
  }
}

}  // namespace
}  // namespace imdsd::iam
