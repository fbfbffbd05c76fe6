// SPDX-License-Identifier: MIT
#include "iam/generate_policy.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/iam/evaluation_case.h"

namespace imdsd::iam {
namespace {

using Json = nlohmann::json;

Json statements(const std::set<Permission>& needed, bool widen = true) {
  return Json::parse(generate_policy(needed, widen).document)["Statement"];
}

/// By the policy alone.
bool allows(const std::string& document, const Permission& permission) {
  auto parsed = parse_policy(document, PolicyKind::identity);
  EXPECT_TRUE(parsed) << document;
  if (!parsed) return false;
  PolicySet policies;
  policies.identity = {std::make_shared<const NamedPolicy>(
      NamedPolicy{"p", "", std::make_shared<const PolicyDocument>(std::move(parsed->document))})};
  const Caller caller{evaluation::principal(PrincipalType::user), "", nullptr};
  RequestContext request{&caller, permission.action, std::nullopt, "123456789012", {}};
  if (auto arn = aws::Arn::parse(permission.resource)) request.resource = *std::move(arn);
  if (!permission.passed_to.empty()) request.keys.set("iam:PassedToService", permission.passed_to);
  return evaluate(policies, request).allowed();
}

// EC2 decides RunInstances about `subnet/*`, when the call names none.
TEST(GeneratePolicy, TakesAnyResourceForAny) {
  const std::string subnet = "arn:aws:ec2:us-east-1:123456789012:subnet/*";
  EXPECT_EQ(statements({{"ec2:RunInstances", subnet, "", true}})[0]["Resource"], subnet);
  EXPECT_EQ(statements({{"s3:GetObject", "arn:aws:s3:::b/*", "", true}})[0]["Resource"],
            "arn:aws:s3:::b/${*}");
}

TEST(GeneratePolicy, PutsActionsOfTheSameResourcesTogether) {
  const std::string object = "arn:aws:s3:::b/k";
  EXPECT_EQ(statements({{"s3:GetObject", object, "", true},
                        {"s3:PutObject", object, "", true},
                        {"s3:ListBucket", "arn:aws:s3:::b", "", true},
                        {"iam:ListRoles", "*", "", true},
                        {"sts:GetFederationToken", "", "", true}}),
            Json::parse(R"([
      {"Effect":"Allow","Action":["iam:ListRoles","sts:GetFederationToken"],"Resource":"*"},
      {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"},
      {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/k"}])"));
}

TEST(GeneratePolicy, PassesARoleToWhatItWasPassedTo) {
  EXPECT_EQ(
      statements({{"iam:PassRole", "arn:aws:iam::123456789012:role/r", "ec2.amazonaws.com", true}}),
      Json::parse(R"([{"Effect":"Allow","Action":"iam:PassRole",
      "Resource":"arn:aws:iam::123456789012:role/r",
      "Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}])"));
}

TEST(GeneratePolicy, WidensManyObjectsAndSaysSo) {
  std::set<Permission> needed;
  for (std::size_t i = 0; i < kMostListedResources; ++i) {
    needed.insert({"s3:GetObject", "arn:aws:s3:::b/logs/2026/" + std::to_string(i), "", true});
  }
  needed.insert({"s3:GetObject", "arn:aws:s3:::other/one", "", true});
  const auto policy = generate_policy(needed, true);
  EXPECT_EQ(Json::parse(policy.document)["Statement"],
            Json::parse(R"([{"Effect":"Allow","Action":"s3:GetObject","Resource":
      ["arn:aws:s3:::b/logs/2026/*","arn:aws:s3:::other/one"]}])"));
  ASSERT_EQ(policy.notes.size(), 1U);
  EXPECT_EQ(policy.notes[0],
            "s3:GetObject was needed on 20 objects below arn:aws:s3:::b/logs/2026/ and is allowed "
            "on arn:aws:s3:::b/logs/2026/*");
  const auto exact = generate_policy(needed, false);
  EXPECT_EQ(Json::parse(exact.document)["Statement"][0]["Resource"].size(), needed.size());
  EXPECT_TRUE(exact.notes.empty());
}

TEST(GeneratePolicy, TellsWhenNoManagedPolicyHoldsIt) {
  std::set<Permission> needed;
  for (int i = 0; i < 200; ++i) {
    needed.insert(
        {"iam:GetRole", "arn:aws:iam::123456789012:role/r" + std::to_string(i), "", true});
  }
  const auto policy = generate_policy(needed, true);
  ASSERT_EQ(policy.notes.size(), 1U);
  EXPECT_NE(policy.notes[0].find("a managed policy may have 6144"), std::string::npos);
}

TEST(GeneratePolicy, AllowsAllThatWasNeededAndNothingBeside) {
  const std::set<Permission> needed{
      {"s3:GetObject", "arn:aws:s3:::b/a*b?${aws:username}", "", true},
      {"s3:GetObject", "arn:aws:s3:::b/plain", "", true},
      {"iam:PassRole", "arn:aws:iam::123456789012:role/r", "ec2.amazonaws.com", true},
      {"iam:PassRole", "arn:aws:iam::123456789012:role/r", "lambda.amazonaws.com", true},
      {"iam:ListRoles", "*", "", true}};
  const std::string document = generate_policy(needed, true).document;
  for (const Permission& each : needed) EXPECT_TRUE(allows(document, each)) << each.action;
  for (const Permission& other : std::set<Permission>{
           {"s3:GetObject", "arn:aws:s3:::b/aXb?${aws:username}", "", true},
           {"s3:PutObject", "arn:aws:s3:::b/plain", "", true},
           {"iam:PassRole", "arn:aws:iam::123456789012:role/r", "ecs.amazonaws.com", true},
           {"iam:PassRole", "arn:aws:iam::123456789012:role/s", "ec2.amazonaws.com", true}}) {
    EXPECT_FALSE(allows(document, other)) << other.action << other.resource;
  }
}

}  // namespace
}  // namespace imdsd::iam
