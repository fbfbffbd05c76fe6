// SPDX-License-Identifier: MIT
#include "iam/context_keys.h"

#include <gtest/gtest.h>

#include "tests/unit/iam/policy_text.h"

namespace imdsd::iam {
namespace {

using Keys = std::vector<std::string>;

Keys keys_of(const std::string& text) {
  const auto parsed = parse_policy(text, PolicyKind::identity);
  EXPECT_TRUE(parsed) << text;
  return parsed ? context_keys(parsed->document) : Keys();
}

TEST(ContextKeys, AreThoseOfConditionsOnceAndAsWritten) {
  EXPECT_EQ(keys_of(policy_text::with_action("\"s3:*\"")), Keys());
  EXPECT_EQ(keys_of(policy_text::with_condition(
                R"({"StringEquals":{"aws:username":"a","s3:prefix":["b","c"]},)"
                R"("StringLike":{"AWS:UserName":"d"},"Null":{"aws:TokenIssueTime":"true"}})")),
            (Keys{"aws:username", "s3:prefix", "aws:TokenIssueTime"}));
}

TEST(ContextKeys, AreThoseOfPolicyVariables) {
  EXPECT_EQ(keys_of(policy_text::with_resource(
                "arn:aws:s3:::b/${aws:username}/${aws:PrincipalTag/team, 'none'}/*")),
            (Keys{"aws:username", "aws:PrincipalTag/team"}));
  EXPECT_EQ(keys_of(policy_text::with_condition(
                R"({"StringEquals":{"s3:prefix":["x","${aws:userid}/${aws:SourceIp}"]}})")),
            (Keys{"s3:prefix", "aws:userid", "aws:SourceIp"}));
}

TEST(ContextKeys, AreNotTheCharactersThatVariablesStandFor) {
  EXPECT_EQ(keys_of(policy_text::with_resource("arn:aws:s3:::b/${*}${?}${$}")), Keys());
}

TEST(ContextKeys, AreNoVariablesBeforeVersion2012) {
  EXPECT_EQ(keys_of(R"({"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",)"
                    R"("Resource":"arn:aws:s3:::b/${aws:username}","Condition":)"
                    R"({"Bool":{"aws:SecureTransport":"true"}}}]})"),
            Keys{"aws:SecureTransport"});
}

TEST(ContextKeys, OfAllStatementsInTheirOrder) {
  EXPECT_EQ(
      keys_of(R"({"Version":"2012-10-17","Statement":[)"
              R"({"Effect":"Allow","Action":"s3:*","Resource":"*",)"
              R"("Condition":{"Bool":{"aws:SecureTransport":"true"}}},)"
              R"({"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::${aws:userid}",)"
              R"("Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]})"),
      (Keys{"aws:SecureTransport", "aws:userid", "aws:SourceIp"}));
}

}  // namespace
}  // namespace imdsd::iam
