// SPDX-License-Identifier: MIT
// AssumeRole with session policies, tags and source identities: what the trust must allow, and what
// the session then is.
#include <string>

#include "iam/caller_keys.h"
#include "iam/policies_of.h"
#include "sts/assume_role.h"
#include "tests/unit/sts/assume_role_fixture.h"

namespace imdsd::sts {
namespace {

const std::string kDev = R"({"AWS":"arn:aws:iam::123456789012:user/dev"})";

std::string denied_action(std::string_view action, std::string_view caller = kDevArn,
                          std::string_view role = kRoleArn) {
  return "403 AccessDenied User: " + std::string(caller) +
         " is not authorized to perform: " + std::string(action) +
         " on resource: " + std::string(role);
}

class AssumeRoleSession : public AssumeRole {};

// Session policies

TEST_F(AssumeRoleSession, PoliciesLimitTheRole) {
  target().policies = {allow("s3:*", "*")};
  const auto answer = assume(user(), kRoleArn, {{"Policy", allow("s3:Get*", "*")}});
  ASSERT_EQ(outcome(answer), "ok");
  const auto session = caller_of(answer);
  EXPECT_TRUE(may(session, "s3:GetObject"));
  EXPECT_FALSE(may(session, "s3:PutObject"));
  EXPECT_FALSE(may(session, "ec2:RunInstances")) << "the role does not have it";
}

TEST_F(AssumeRoleSession, InlineAndManagedPoliciesAllowTogether) {
  target().policies = {allow("*", "*")};
  world_.policies.push_back({.name = "p", .text = allow("ec2:*", "*")});
  const auto session =
      caller_of(assume(user(), kRoleArn,
                       {{"Policy", allow("s3:*", "*")},
                        {"PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/p"},
                        {"PolicyArns.member.2.arn", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}}));
  EXPECT_TRUE(may(session, "s3:PutObject"));
  EXPECT_TRUE(may(session, "ec2:RunInstances"));
  EXPECT_TRUE(may(session, "iam:ListUsers"));
  EXPECT_FALSE(may(session, "sqs:SendMessage"));
}

TEST_F(AssumeRoleSession, ManagedPoliciesAreReadAsTheyAreNow) {
  target().policies = {allow("*", "*")};
  world_.policies.push_back({.name = "p", .text = allow("ec2:*", "*")});
  const auto session = caller_of(assume(
      user(), kRoleArn, {{"PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/p"}}));
  EXPECT_FALSE(may(session, "s3:GetObject"));
  world_.policies.back().text = allow("s3:*", "*");
  EXPECT_TRUE(may(session, "s3:GetObject"));
  world_.policies.clear();
  EXPECT_FALSE(may(session, "s3:GetObject")) << "a limit that is gone is no absence of a limit";
}

TEST_F(AssumeRoleSession, PoliciesOfOtherAccountsAreRefusedToThoseWhoMayAssume) {
  const Parameters more{{"PolicyArns.member.1.arn", "arn:aws:iam::210987654321:policy/p"}};
  EXPECT_EQ(outcome(assume(user(), kRoleArn, more)),
            "400 ValidationError Policy arn:aws:iam::210987654321:policy/p does not exist or is "
            "not attachable.");
  world_.users.push_back({.name = "other"});
  EXPECT_EQ(outcome(assume(user("other"), kRoleArn, more)),
            denied_action("sts:AssumeRole", "arn:aws:iam::123456789012:user/other"));
}

TEST_F(AssumeRoleSession, MalformedPolicyIsToldBeforeTheDecision) {
  EXPECT_EQ(outcome(assume(user(), "arn:aws:iam::123456789012:role/missing", {{"Policy", "{}"}})),
            "400 MalformedPolicyDocument Syntax errors in policy.");
}

TEST_F(AssumeRoleSession, PackedPolicySizeIsThereWithPoliciesAndTagsOnly) {
  target().trust = trust(kDev, "", R"("sts:*")");
  EXPECT_EQ(element(*assume(user()).xml, "PackedPolicySize"), "");
  const auto small = std::stoi(
      element(*assume(user(), kRoleArn, {{"Policy", allow("s3:*", "*")}}).xml, "PackedPolicySize"));
  EXPECT_GT(small, 0);
  EXPECT_LT(small, 10);
  EXPECT_NE(
      element(
          *assume(user(), kRoleArn, {{"Tags.member.1.Key", "k"}, {"Tags.member.1.Value", "v"}}).xml,
          "PackedPolicySize"),
      "");
}

Parameters many_tags(std::size_t count) {
  Parameters out;
  for (std::size_t i = 1; i <= count; ++i) {
    const std::string at = "Tags.member." + std::to_string(i) + ".";
    out.emplace_back(at + "Key", "key-" + std::to_string(i));
    std::string noise;
    for (std::size_t j = 0; noise.size() < 256; ++j) {
      noise += base::hex_encode(base::sha256(std::to_string(i * 1000 + j)));
    }
    out.emplace_back(at + "Value", noise.substr(0, 256));
  }
  return out;
}

TEST_F(AssumeRoleSession, TooMuchIsTooLargeInAwsWords) {
  target().trust = trust(kDev, "", R"("sts:*")");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, many_tags(10))), "ok");
  const std::string tags = outcome(assume(user(), kRoleArn, many_tags(50)));
  EXPECT_TRUE(tags.starts_with("400 PackedPolicyTooLarge Packed size of session tags consumes "))
      << tags;
  EXPECT_TRUE(tags.ends_with("% of allotted space.")) << tags;
  Parameters both = many_tags(50);
  both.emplace_back("Policy", allow("s3:*", "*"));
  const std::string policy = outcome(assume(user(), kRoleArn, both));
  EXPECT_TRUE(policy.starts_with("400 PackedPolicyTooLarge Packed policy consumes ")) << policy;
  EXPECT_TRUE(policy.ends_with("% of allotted space, please use smaller policy.")) << policy;
}

// Tags

const Parameters kRedTeam{{"Tags.member.1.Key", "Team"}, {"Tags.member.1.Value", "red"}};

TEST_F(AssumeRoleSession, TagsNeedTagSession) {
  EXPECT_EQ(outcome(assume(user(), kRoleArn, kRedTeam)), denied_action("sts:TagSession"));
  target().trust = trust(kDev, "", R"(["sts:AssumeRole","sts:TagSession"])");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, kRedTeam)), "ok");
}

TEST_F(AssumeRoleSession, TagsAreConditionsOfTheTrust) {
  target().trust = trust(kDev, R"({"StringEquals":{"aws:RequestTag/Team":"red"}})",
                         R"(["sts:AssumeRole","sts:TagSession"])");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, kRedTeam)), "ok");
  EXPECT_EQ(outcome(assume(user())), denied_action("sts:AssumeRole"));
  EXPECT_EQ(outcome(assume(user(), kRoleArn,
                           {{"Tags.member.1.Key", "Team"}, {"Tags.member.1.Value", "blue"}})),
            denied_action("sts:AssumeRole"));
}

TEST_F(AssumeRoleSession, TagKeysAndTransitiveKeysAreConditions) {
  target().trust = trust(kDev,
                         R"({"ForAllValues:StringEquals":{"aws:TagKeys":["Team","Project"]},)"
                         R"("ForAnyValue:StringEquals":{"sts:TransitiveTagKeys":"Team"}})",
                         R"(["sts:AssumeRole","sts:TagSession"])");
  Parameters transitive = kRedTeam;
  EXPECT_EQ(outcome(assume(user(), kRoleArn, transitive)), denied_action("sts:AssumeRole"));
  transitive.emplace_back("TransitiveTagKeys.member.1", "Team");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, transitive)), "ok");
  transitive.emplace_back("Tags.member.2.Key", "Other");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, transitive)), denied_action("sts:AssumeRole"));
}

TEST_F(AssumeRoleSession, TagsOfTheSessionOverrideThoseOfTheRole) {
  target().trust = trust(kDev, "", R"("sts:*")");
  target().tags = {{"team", "green"}, {"Stage", "test"}};
  target().policies = {
      R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject",)"
      R"("Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/Team":"red",)"
      R"("aws:PrincipalTag/Stage":"test"}}}})"};
  EXPECT_TRUE(may(caller_of(assume(user(), kRoleArn, kRedTeam)), "s3:GetObject"));
  EXPECT_FALSE(may(caller_of(assume(user())), "s3:GetObject"));
}

// Source identity

const std::string kBoth = R"(["sts:AssumeRole","sts:SetSourceIdentity"])";

TEST_F(AssumeRoleSession, SourceIdentityNeedsSetSourceIdentity) {
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"SourceIdentity", "alice"}})),
            denied_action("sts:SetSourceIdentity"));
  target().trust = trust(kDev, "", kBoth);
  const auto answer = assume(user(), kRoleArn, {{"SourceIdentity", "alice"}});
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "SourceIdentity"), "alice");
  EXPECT_EQ(caller_of(answer).session->source_identity, "alice");
}

TEST_F(AssumeRoleSession, AMissingSourceIdentityDeniesTheRoleAndAWrongOneItself) {
  target().trust = trust(kDev, R"({"StringEquals":{"sts:SourceIdentity":"alice"}})", kBoth);
  EXPECT_EQ(outcome(assume(user())), denied_action("sts:AssumeRole"));
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"SourceIdentity", "mallory"}})),
            denied_action("sts:SetSourceIdentity"));
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"SourceIdentity", "alice"}})), "ok");
}

TEST_F(AssumeRoleSession, ARoleThatIsNotThereIsDeniedLikeOneThatIs) {
  const std::string_view missing = "arn:aws:iam::123456789012:role/missing";
  EXPECT_EQ(outcome(assume(user(), missing, {{"SourceIdentity", "alice"}})),
            denied_action("sts:SetSourceIdentity", kDevArn, missing));
  EXPECT_EQ(outcome(assume(user(), missing, kRedTeam)),
            denied_action("sts:AssumeRole", kDevArn, missing));
}

TEST_F(AssumeRoleSession, SourceIdentityTakes256CharactersAndNoColon) {
  target().trust = trust(kDev, "", kBoth);
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"SourceIdentity", std::string(256, 'a')}})), "ok");
  EXPECT_EQ(
      outcome(assume(user(), kRoleArn, {{"SourceIdentity", std::string(257, 'a')}})).substr(0, 19),
      "400 ValidationError");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, {{"SourceIdentity", "aws:alice"}})),
            "400 ValidationError 1 validation error detected: Value 'aws:alice' at "
            "'sourceIdentity' failed to satisfy constraint: Member must satisfy regular expression "
            R"(pattern: [\w+=,.@-]*)");
}

// Across accounts the caller's own policies must allow each of the actions, too.
TEST_F(AssumeRoleSession, AcrossAccountsBothSidesMustAllowAllActions) {
  world_.users.push_back({.name = "guest", .account = std::string(kOtherAccount)});
  target().trust = trust(R"({"AWS":"arn:aws:iam::210987654321:user/guest"})", "", R"("sts:*")");
  const std::string_view arn = "arn:aws:iam::210987654321:user/guest";
  Parameters more = kRedTeam;
  more.emplace_back("SourceIdentity", "alice");
  auto& policies = world_.users.back().policies;
  const auto tried = [&] { return outcome(assume(user("guest", kOtherAccount), kRoleArn, more)); };
  EXPECT_EQ(tried(), denied_action("sts:SetSourceIdentity", arn));
  policies.push_back(allow("sts:SetSourceIdentity", "*"));
  EXPECT_EQ(tried(), denied_action("sts:AssumeRole", arn));
  policies.push_back(allow("sts:AssumeRole", kRoleArn));
  EXPECT_EQ(tried(), denied_action("sts:TagSession", arn));
  policies.push_back(allow("sts:TagSession", "*"));
  EXPECT_EQ(tried(), "ok");
}

// ProvidedContexts

TEST_F(AssumeRoleSession, ContextsAreCheckedForShapeAndNeedSetContext) {
  const Parameters contexts{
      {"ProvidedContexts.member.1.ProviderArn", "arn:aws:iam::aws:contextProvider/IdentityCenter"},
      {"ProvidedContexts.member.1.ContextAssertion", "eyJhbGciOi"}};
  EXPECT_EQ(outcome(assume(user(), kRoleArn, contexts)), denied_action("sts:SetContext"));
  target().trust = trust(kDev, "", R"(["sts:AssumeRole","sts:SetContext"])");
  EXPECT_EQ(outcome(assume(user(), kRoleArn, contexts)), "ok");
  EXPECT_EQ(
      outcome(assume(user(), kRoleArn, {{"ProvidedContexts.member.1.ContextAssertion", "abc"}})),
      "400 ValidationError 1 validation error detected: Value 'abc' at "
      "'providedContexts.1.member.contextAssertion' failed to satisfy constraint: Member "
      "must have length greater than or equal to 4");
  Parameters many;
  for (int i = 1; i <= 6; ++i) {
    many.emplace_back("ProvidedContexts.member." + std::to_string(i) + ".ContextAssertion", "abcd");
  }
  EXPECT_EQ(outcome(assume(user(), kRoleArn, many)),
            "400 ValidationError 1 validation error detected: Value '' at 'providedContexts' "
            "failed to satisfy constraint: Member must have length less than or equal to 5");
}

TEST_F(AssumeRoleSession, TrustPoliciesChooseTheProvidersOfContexts) {
  // As AWS's documentation has it for trusted identity propagation.
  const auto statement = [](std::string_view action, std::string_view condition) {
    return R"({"Effect":"Allow","Principal":)" + std::string(kDev) + R"(,"Action":")" +
           std::string(action) + "\"" + std::string(condition) + "}";
  };
  target().trust =
      R"({"Version":"2012-10-17","Statement":[)" + statement("sts:AssumeRole", "") + "," +
      statement("sts:SetContext", R"(,"Condition":{"ForAllValues:ArnEquals":)"
                                  R"({"sts:RequestContextProviders":)"
                                  R"("arn:aws:iam::aws:contextProvider/IdentityCenter"},)"
                                  R"("Null":{"sts:RequestContextProviders":"false"}})") +
      "]}";
  const auto with = [&](const std::vector<std::string>& providers) {
    Parameters contexts;
    for (const std::string& provider : providers) {
      const std::string at =
          "ProvidedContexts.member." + std::to_string(&provider - providers.data() + 1);
      contexts.emplace_back(at + ".ContextAssertion", "eyJhbGciOi");
      if (!provider.empty()) contexts.emplace_back(at + ".ProviderArn", provider);
    }
    return outcome(assume(user(), kRoleArn, contexts));
  };
  const std::string center = "arn:aws:iam::aws:contextProvider/IdentityCenter";
  const std::string other = "arn:aws:iam::aws:contextProvider/Other";
  EXPECT_EQ(with({center}), "ok");
  EXPECT_EQ(with({other}), denied_action("sts:SetContext"));
  EXPECT_EQ(with({center, other}), denied_action("sts:SetContext"));
  EXPECT_EQ(with({""}), denied_action("sts:SetContext"));
}

}  // namespace
}  // namespace imdsd::sts
