// SPDX-License-Identifier: MIT
#include "s3/public_policy.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::s3 {
namespace {

struct PublicCase {
  std::string_view name;
  std::string_view principal;
  std::string_view condition;  // empty: none
  bool is_public = false;
  std::string_view effect = "Allow";
};

constexpr PublicCase kCases[] = {
    {"Everyone", R"("*")", "", true},
    {"EveryoneOfAws", R"({"AWS":"*"})", "", true},
    {"EveryoneAmongOthers", R"({"AWS":["123456789012","*"]})", "", true},
    {"AnAccount", R"({"AWS":"123456789012"})", "", false},
    {"ARole", R"({"AWS":"arn:aws:iam::123456789012:role/r"})", "", false},
    {"AService", R"({"Service":"logging.s3.amazonaws.com"})", "", false},
    {"NobodyIsDenied", R"("*")", "", false, "Deny"},
    {"FixedVpc", R"("*")", R"({"StringEquals":{"aws:SourceVpc":"vpc-91237329"}})", false},
    {"AnyVpc", R"("*")", R"({"StringLike":{"aws:SourceVpc":"vpc-*"}})", true},
    {"OneVpcOfMany", R"("*")", R"({"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-*"]}})", true},
    {"VpcIfThereIsOne", R"("*")", R"({"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}})", true},
    {"NotThisVpc", R"("*")", R"({"StringNotEquals":{"aws:SourceVpc":"vpc-1"}})", true},
    {"AddressRange", R"("*")", R"({"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", false},
    {"HalfOfTheInternet", R"("*")", R"({"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}})", true},
    {"NotThisAddress", R"("*")", R"({"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}})", true},
    {"Organization", R"("*")", R"({"StringEquals":{"aws:PrincipalOrgID":"o-1"}})", false},
    {"OneRole", R"("*")",
     R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/r"}})", false},
    {"RolesOfAnAccount", R"("*")",
     R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}})", false},
    {"RolesOfAnyAccount", R"("*")", R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/r"}})",
     true},
    {"SessionsOfARole", R"("*")", R"({"StringLike":{"aws:userid":"AROAEXAMPLE:*"}})", true},
    {"Variable", R"("*")", R"({"StringEquals":{"aws:SourceAccount":"${aws:username}"}})", true},
    {"KeyThatAnybodyFulfils", R"("*")", R"({"StringEquals":{"aws:UserAgent":"curl"}})", true},
    {"OneOfTwoConditions", R"("*")",
     R"({"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"AWS:SourceAccount":"123456789012"}})",
     false},
};

class PublicPolicy : public testing::TestWithParam<PublicCase> {};

TEST_P(PublicPolicy, IsWhatReachesStrangers) {
  const PublicCase& each = GetParam();
  std::string policy = R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},)"
                       R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":")" +
                       std::string(each.effect) + R"(","Principal":)" +
                       std::string(each.principal) +
                       R"(,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*")";
  if (!each.condition.empty()) policy += R"(,"Condition":)" + std::string(each.condition);
  EXPECT_EQ(is_public_policy(policy + "}]}"), each.is_public) << policy;
}

INSTANTIATE_TEST_SUITE_P(Table, PublicPolicy, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PublicPolicyText, AStatementMayStandWithoutAList) {
  EXPECT_TRUE(is_public_policy(
      R"({"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}})"));
  EXPECT_TRUE(is_public_policy(
      R"({"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"*"}})"));
}

TEST(PublicPolicyText, WhatDoesNotParseIsPublic) {
  EXPECT_TRUE(is_public_policy("{"));
  EXPECT_TRUE(is_public_policy("{}"));
}

}  // namespace
}  // namespace imdsd::s3
