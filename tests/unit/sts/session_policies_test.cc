// SPDX-License-Identifier: MIT
#include "sts/session_policies.h"

#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/support/sts_world.h"

namespace imdsd::sts {
namespace {

using support::allow;
using support::kAccount;
using support::kOtherAccount;

aws::QueryParameters parameters(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string form;
  for (const auto& [name, value] : pairs) form += "&" + name + "=" + base::percent_encode(value);
  return aws::QueryParameters::parse(form.empty() ? form : form.substr(1)).value();
}

std::string text_of(const aws::ServiceError& error) {
  return std::to_string(error.status) + " " + error.code + " " + error.message.value_or("-");
}

/// "ok", or the first error of check() and parse().
std::string outcome(const std::vector<std::pair<std::string, std::string>>& pairs) {
  const auto given = parameters(pairs);
  aws::ParameterCheck check;
  SessionPolicies::check(given, check);
  if (const auto error = check.error()) return text_of(*error);
  const auto parsed = SessionPolicies::parse(given);
  return parsed ? "ok" : text_of(parsed.error());
}

const std::string kOneError = "400 ValidationError 1 validation error detected: Value ";
const std::string kMust = " failed to satisfy constraint: Member must ";

TEST(SessionPolicies, AreTakenIntoTheSession) {
  const std::string text = allow("s3:Get*", "*");
  auto parsed =
      SessionPolicies::parse(parameters({{"Policy", text},
                                         {"PolicyArns.member.2.arn", "arn:aws:iam::1:policy/b"},
                                         {"PolicyArns.member.1.arn", "arn:aws:iam::1:policy/a"}}))
          .value();
  iam::Session session;
  std::move(parsed).limit(session);
  ASSERT_EQ(session.policies.size(), 1U);
  EXPECT_EQ(session.policies[0].document->text, text);
  EXPECT_EQ(session.policy_arns,
            (std::vector<std::string>{"arn:aws:iam::1:policy/a", "arn:aws:iam::1:policy/b"}));
}

TEST(SessionPolicies, AnEmptyListIsNone) {
  const auto parsed = SessionPolicies::parse(parameters({{"PolicyArns", ""}})).value();
  EXPECT_FALSE(parsed.policy);
  EXPECT_TRUE(parsed.arns.empty());
}

TEST(SessionPolicies, ConstraintsOfTheModel) {
  EXPECT_EQ(outcome({{"Policy", "{\"\xC4\x80\"}"}}),
            kOneError + "'{\"\xC4\x80\"}' at 'policy'" + kMust +
                R"(satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+)");
  const std::string long_text(2049, ' ');
  EXPECT_EQ(outcome({{"Policy", long_text}}), kOneError + "'" + long_text + "' at 'policy'" +
                                                  kMust + "have length less than or equal to 2048");
  EXPECT_EQ(outcome({{"PolicyArns.member.1.arn", "short"}}),
            kOneError + "'short' at 'policyArns.1.member.arn'" + kMust +
                "have length greater than or equal to 20");
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 1; i <= 11; ++i) {
    many.emplace_back("PolicyArns.member." + std::to_string(i) + ".arn",
                      "arn:aws:iam::aws:policy/ReadOnlyAccess");
  }
  EXPECT_EQ(outcome(many),
            kOneError + "'' at 'policyArns'" + kMust + "have length less than or equal to 10");
  many.pop_back();
  EXPECT_EQ(outcome(many), "ok");
}

// An empty text must not be taken for no limit.
TEST(SessionPolicies, AnEmptyPolicyIsRefused) {
  EXPECT_EQ(outcome({{"Policy", ""}}),
            "400 ValidationError 2 validation errors detected: Value '' at 'policy'" + kMust +
                R"(satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+)" +
                "; Value '' at 'policy'" + kMust + "have length greater than or equal to 1");
}

TEST(SessionPolicies, MalformedDocumentsAreRefusedInAwsWords) {
  EXPECT_EQ(outcome({{"Policy", "no json"}}),
            "400 MalformedPolicyDocument Syntax errors in policy.");
  EXPECT_EQ(outcome({{"Policy", R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)"
                                R"("Principal":"*","Action":"*","Resource":"*"}})"}}),
            "400 MalformedPolicyDocument Policy document should not specify a principal.");
  EXPECT_EQ(outcome({{"Policy", R"({"Version":"2012-10-17","Statement":{"Effect":"Allow",)"
                                R"("Action":"*"}})"}}),
            "400 MalformedPolicyDocument Policy statement must contain resources.");
}

TEST(SessionPolicies, TogetherHave2048CharactersAtMost) {
  const std::string arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
  std::string text = allow("s3:*", "*");
  text.resize(2048 - arn.size(), ' ');
  EXPECT_EQ(outcome({{"Policy", text}, {"PolicyArns.member.1.arn", arn}}), "ok");
  text += ' ';
  EXPECT_EQ(outcome({{"Policy", text}, {"PolicyArns.member.1.arn", arn}}),
            "400 PackedPolicyTooLarge The session policies have 2049 characters of plain text, "
            "more than the 2048 that they may have.");
  // Characters, not bytes.
  std::string umlauts = R"({"Version":"2012-10-17","Id":")";
  while (umlauts.size() < 3000) umlauts += "\xC3\xA9";
  umlauts += R"(","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";
  EXPECT_EQ(outcome({{"Policy", umlauts}}), "ok");
}

TEST(SessionPolicies, ArnsMustBeOfTheAccountOrOfAws) {
  support::StsWorld world;
  world.policies.push_back({.name = "ours", .text = allow("s3:*", "*")});
  world.policies.push_back(
      {.name = "theirs", .text = allow("s3:*", "*"), .account = std::string(kOtherAccount)});
  const auto directory = world.authority().directory;
  SessionPolicies policies;
  policies.arns = {"arn:aws:iam::123456789012:policy/ours",
                   "arn:aws:iam::aws:policy/ReadOnlyAccess"};
  EXPECT_FALSE(policies.refuse_unknown(*directory, kAccount));
  for (const std::string arn :
       {"arn:aws:iam::210987654321:policy/theirs", "arn:aws:iam::123456789012:policy/missing",
        "arn:aws:iam::123456789012:role/ours", "not an arn, but long enough"}) {
    policies.arns = {arn};
    const auto error = policies.refuse_unknown(*directory, kAccount);
    ASSERT_TRUE(error) << arn;
    EXPECT_EQ(text_of(*error),
              "400 ValidationError Policy " + arn + " does not exist or is not attachable.");
  }
}

}  // namespace
}  // namespace imdsd::sts
