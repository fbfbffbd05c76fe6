// SPDX-License-Identifier: MIT
#include "iam/authorization_message.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using namespace evaluation;

TEST(AuthorizationMessage, TellsTheRequestAndWhatMatched) {
  Caller caller;
  caller.principal = principal(PrincipalType::user);
  caller.principal.name = "u";
  caller.principal.user_id = kUserId;
  RequestContext request{&caller,
                         "ec2:RunInstances",
                         aws::Arn{"aws", "ec2", "us-east-1", std::string(kAccount), "instance/*"},
                         std::string(kAccount),
                         {}};
  request.keys.set("ec2:InstanceType", std::string("m5.large"));
  request.keys.set("aws:TagKeys", std::vector<std::string>{"a", "b"});
  PolicySet policies;
  policies.identity = {
      policy("p",
             R"([{"Effect":"Allow","Action":"sqs:*","Resource":"*"},)"
             R"({"Sid":"NoLarge","Effect":"Deny","Action":["ec2:Run*","ec2:Start*"],)"
             R"("NotResource":"arn:aws:s3:::b","Condition":{"StringLike":{)"
             R"("ec2:InstanceType":["m*","c*"]},"Null":{"aws:TagKeys":false}}}])",
             PolicyKind::identity)};
  const std::string text = authorization_message(request, evaluate(policies, request));
  EXPECT_EQ(text, nlohmann::ordered_json::parse(R"({
    "allowed": false, "explicitDeny": true,
    "matchedStatements": {"items": [{
      "statementId": "NoLarge", "effect": "DENY",
      "principals": {"items": [{"value": "AIDAQAAAAAAAAAAAAAAAA"}]},
      "principalGroups": {"items": []},
      "actions": {"items": [{"value": "ec2:Run*"}, {"value": "ec2:Start*"}]},
      "resources": {"items": [{"value": "arn:aws:s3:::b"}]},
      "conditions": {"items": [
        {"key": "ec2:InstanceType", "values": {"items": [{"value": "m*"}, {"value": "c*"}]}},
        {"key": "aws:TagKeys", "values": {"items": [{"value": "false"}]}}]}}]},
    "failures": {"items": []},
    "context": {
      "principal": {"id": "AIDAQAAAAAAAAAAAAAAAA", "name": "u",
                    "arn": "arn:aws:iam::123456789012:user/team/u"},
      "action": "ec2:RunInstances",
      "resource": "arn:aws:ec2:us-east-1:123456789012:instance/*",
      "conditions": {"items": [
        {"key": "ec2:InstanceType", "values": {"items": [{"value": "m5.large"}]}},
        {"key": "aws:TagKeys", "values": {"items": [{"value": "a"}, {"value": "b"}]}}]}}
  })")
                      .dump());
}

TEST(AuthorizationMessage, OfAnImplicitDenialHasNoStatements) {
  Caller caller;
  caller.principal = principal(PrincipalType::assumed_role);
  RequestContext request{&caller, "sts:GetAccessKeyInfo", std::nullopt, "", {}};
  request.keys.set("aws:UserAgent", std::string("\xFF"));
  const auto message =
      nlohmann::json::parse(authorization_message(request, evaluate(PolicySet{}, request)));
  EXPECT_EQ(message["allowed"], false);
  EXPECT_EQ(message["explicitDeny"], false);
  EXPECT_TRUE(message["matchedStatements"]["items"].empty());
  EXPECT_EQ(message["context"]["resource"], "*");
  EXPECT_FALSE(message["context"]["principal"].contains("name"));
}

}  // namespace
}  // namespace imdsd::iam
