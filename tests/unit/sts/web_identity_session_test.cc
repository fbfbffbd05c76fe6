// SPDX-License-Identifier: MIT
// What trust policies decide by, and what stays with the session.
#include <string>

#include "sts/assume_role_with_web_identity.h"
#include "tests/unit/sts/web_identity_fixture.h"

namespace imdsd::sts {
namespace {

TEST_F(WebIdentityTest, TheTrustPolicyDecidesByTheClaims) {
  const std::string denied = kDenied + "AssumeRoleWithWebIdentity";
  const auto equals = [](const std::string& key, const std::string& value) {
    return R"({"StringEquals":{")" + key + R"(":")" + value + R"("}})";
  };
  trust_if(equals(kName + ":sub", "system:serviceaccount:default:reader"));
  EXPECT_EQ(result(), "ok");
  EXPECT_EQ(result({{"sub", "system:serviceaccount:default:writer"}}), denied);
  trust_if(equals(kName + ":aud", "sts.amazonaws.com"));
  EXPECT_EQ(result(), "ok");
  EXPECT_EQ(result({{"aud", "other-client"}}), denied);
  EXPECT_EQ(result({{"aud", "sts.amazonaws.com"}, {"azp", "other-client"}}), denied);
  trust_if(equals(kName + ":oaud", "sts.amazonaws.com"));
  EXPECT_EQ(result({{"azp", "other-client"}}), "ok");
  trust_if(equals(kName + ":email", "a@example.org"));
  EXPECT_EQ(result({{"email", "a@example.org"}}), "ok");
  EXPECT_EQ(result(), denied);
  trust_if(R"({"ForAnyValue:StringEquals":{")" + kName + R"(:amr":"mfa"}})");
  EXPECT_EQ(result({{"amr", {"pwd", "mfa"}}}), "ok");
  EXPECT_EQ(result({{"amr", {"pwd"}}}), denied);
  EXPECT_EQ(result(), denied);
  trust_if(equals("sts:RoleSessionName", "pod-1"));
  EXPECT_EQ(result(), "ok");
  EXPECT_EQ(result({}, {{"RoleSessionName", "pod-2"}}), denied);
  trust_if(equals(kName + ":roles", "admin"));
  EXPECT_EQ(result({{"roles", "admin"}}), denied) << "no key of AWS";
}

TEST_F(WebIdentityTest, OtherPrincipalsAreDenied) {
  const std::string denied = kDenied + "AssumeRoleWithWebIdentity";
  role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")", "", kProviderArn + "D");
  EXPECT_EQ(result(), denied);
  role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")", "", kName);
  EXPECT_EQ(result(), denied) << "a registered provider goes by its ARN";
  role().trust = trust_policy(R"("sts:AssumeRoleWithSAML")");
  EXPECT_EQ(result(), denied);
  role().trust = trust(R"({"AWS":"123456789012"})", {}, R"("sts:AssumeRoleWithWebIdentity")");
  EXPECT_EQ(result(), denied) << "whom a provider vouches for is nobody of the account";
  EXPECT_EQ(result({}, {{"RoleArn", "arn:aws:iam::123456789012:role/none"}}), denied)
      << "in the same words";
  EXPECT_EQ(result({}, {{"RoleArn", "arn:aws:iam::123456789012:role/path/pod"}}), denied);
}

TEST_F(WebIdentityTest, TheModeLetsDenialsPassButNoForgery) {
  role().trust = trust_policy(R"("sts:AssumeRoleWithSAML")");
  const OidcIssuer attacker("RS256", "key-1");
  world_.mode = iam::AuthMode::audit;
  EXPECT_EQ(result(), "ok");
  EXPECT_TRUE(assume().would_deny);
  EXPECT_NE(outcome(assume_with(attacker.token(claims()))), "ok");
  world_.mode = iam::AuthMode::off;
  EXPECT_EQ(result(), "ok");
  EXPECT_NE(outcome(assume_with(attacker.token(claims()))), "ok");
}

TEST_F(WebIdentityTest, DurationsAreThoseOfTheRole) {
  EXPECT_EQ(result({}, {{"DurationSeconds", "7200"}}), "ok") << "no chaining";
  EXPECT_EQ(result({}, {{"DurationSeconds", "7201"}}),
            "400 ValidationError The requested DurationSeconds exceeds the MaxSessionDuration set "
            "for this role.");
  // The token may end earlier than its session.
  const auto answer = assume({{"exp", now() + 60}}, {{"DurationSeconds", "7200"}});
  EXPECT_EQ(element(answer.xml.value(), "Expiration"), "2026-01-01T02:00:00Z");
}

TEST_F(WebIdentityTest, ClaimsStayWithTheSession) {
  role().policies = {
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",)"
      R"("Resource":"arn:aws:s3:::b/${)" +
      kName + R"(:sub}/*","Condition":{"StringEquals":{"aws:FederatedProvider":")" + kProviderArn +
      R"(",")" + kName + R"(:aud":"sts.amazonaws.com"},"Null":{")" + kName +
      R"(:oaud":"true"},"ForAnyValue:StringEquals":{")" + kName + R"(:amr":"pwd"}}}]})"};
  const auto pod = caller_of(assume({{"amr", {"pwd"}}}));
  const std::string own = "arn:aws:s3:::b/system:serviceaccount:default:reader/x";
  EXPECT_TRUE(may(pod, "s3:GetObject", own));
  EXPECT_FALSE(may(pod, "s3:GetObject", "arn:aws:s3:::b/system:serviceaccount:default:writer/x"));
  EXPECT_FALSE(may(caller_of(assume()), "s3:GetObject", own)) << "no amr, no key";
}

TEST_F(WebIdentityTest, SessionPoliciesLimit) {
  role().policies = {allow("s3:*", "*")};
  const auto answer = assume({}, {{"Policy", allow("s3:GetObject", "*")}});
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_NE(element(*answer.xml, "PackedPolicySize"), "");
  const auto pod = caller_of(answer);
  EXPECT_TRUE(may(pod, "s3:GetObject", "arn:aws:s3:::b/k"));
  EXPECT_FALSE(may(pod, "s3:PutObject", "arn:aws:s3:::b/k"));
  EXPECT_EQ(result({}, {{"Policy", "{"}}).rfind("400 MalformedPolicyDocument", 0), 0U);
  EXPECT_NE(result({}, {{"PolicyArns.member.1.arn", "arn:aws:iam::123456789012:policy/none"}}),
            "ok");
}

const json kTags{{"principal_tags", {{"team", {"web"}}, {"stage", "dev"}}},
                 {"transitive_tag_keys", {"team"}}};

TEST_F(WebIdentityTest, TagsComeFromTheToken) {
  const json tagged{{"https://aws.amazon.com/tags", kTags}};
  EXPECT_EQ(result(tagged), kDenied + "TagSession");
  role().trust = trust_policy(R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])");
  const auto answer = assume(tagged);
  ASSERT_EQ(outcome(answer), "ok");
  const auto pod = caller_of(answer);
  const std::map<std::string, std::string> tags{{"stage", "dev"}, {"team", "web"}};
  EXPECT_EQ(pod.session->tags, tags);
  EXPECT_EQ(pod.session->transitive_tag_keys, std::vector<std::string>{"team"});
  EXPECT_NE(element(*answer.xml, "PackedPolicySize"), "");
  role().trust = trust_policy(R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])",
                              R"({"StringEquals":{"aws:RequestTag/team":"db"}})");
  EXPECT_EQ(result(tagged), kDenied + "AssumeRoleWithWebIdentity");
}

TEST_F(WebIdentityTest, TagsMayBeFlatClaims) {
  role().trust = trust_policy(R"(["sts:AssumeRoleWithWebIdentity","sts:TagSession"])");
  const auto pod =
      caller_of(assume({{"https://aws.amazon.com/tags/principal_tags/team", "web"},
                        {"https://aws.amazon.com/tags/transitive_tag_keys", {"team"}}}));
  EXPECT_EQ(pod.session->tags.at("team"), "web");
  EXPECT_EQ(pod.session->transitive_tag_keys, std::vector<std::string>{"team"});
}

TEST_F(WebIdentityTest, BadTagsAreRejectedClaims) {
  role().trust = trust_policy(R"("sts:*")");
  const auto tagged = [&](const json& tags) {
    return result({{"https://aws.amazon.com/tags", tags}});
  };
  const std::string bad =
      "403 IDPRejectedClaim The claim https://aws.amazon.com/tags is not valid: ";
  EXPECT_EQ(tagged("text"), bad + "it is no object");
  EXPECT_EQ(tagged({{"principal_tags", {"a"}}}), bad + "principal_tags is no object");
  EXPECT_EQ(tagged({{"principal_tags", {{"a", 7}}}}), bad + "a tag has one text as its value");
  EXPECT_EQ(tagged({{"principal_tags", {{"a", {"b", "c"}}}}}),
            bad + "a tag has one text as its value");
  EXPECT_EQ(tagged({{"transitive_tag_keys", "a"}}), bad + "transitive_tag_keys is no list");
  const std::string space =
      "403 IDPRejectedClaim A claim of the namespace https://aws.amazon.com/ is not valid: ";
  EXPECT_EQ(tagged({{"transitive_tag_keys", {"a"}}}),
            space + "The specified transitive tag key must be included in the requested tags.");
  EXPECT_EQ(tagged({{"principal_tags", {{"a", "b"}, {"A", "c"}}}}),
            space + "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  EXPECT_EQ(tagged({{"principal_tags", {{"<", "b"}}}}).rfind(space + "1 validation error", 0), 0U);
  json many = json::object();
  for (int i = 0; i < 51; ++i) many["k" + std::to_string(i)] = "v";
  EXPECT_EQ(tagged({{"principal_tags", many}}).rfind(space, 0), 0U);
}

TEST_F(WebIdentityTest, TheSourceIdentityComesFromTheToken) {
  const json named{{"https://aws.amazon.com/source_identity", "alice"}};
  EXPECT_EQ(result(named), kDenied + "SetSourceIdentity");
  role().trust = trust_policy(R"(["sts:AssumeRoleWithWebIdentity","sts:SetSourceIdentity"])");
  const auto answer = assume(named);
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_EQ(element(*answer.xml, "SourceIdentity"), "alice");
  EXPECT_EQ(caller_of(answer).session->source_identity, "alice");
  EXPECT_EQ(
      result({{"https://aws.amazon.com/source_identity", "a b"}}).rfind("403 IDPRejectedClaim", 0),
      0U);
}

TEST_F(WebIdentityTest, AWebIdentitySessionChainsForAnHour) {
  role().policies = {allow("sts:AssumeRole", "*")};
  world_.roles.push_back({.name = "next",
                          .trust = trust(R"({"AWS":"arn:aws:iam::123456789012:role/pod"})"),
                          .max_session_duration = hours(2)});
  const auto pod = caller_of(assume());
  const Parameters next{{"RoleArn", "arn:aws:iam::123456789012:role/next"},
                        {"RoleSessionName", "next-1"}};
  const auto answer = call("AssumeRole", pod, next);
  ASSERT_EQ(outcome(answer), "ok");
  EXPECT_TRUE(caller_of(answer).session->provider_keys.empty()) << "the provider vouched for one";
  Parameters longer = next;
  longer.emplace_back("DurationSeconds", "3601");
  EXPECT_NE(outcome(call("AssumeRole", pod, longer)), "ok");
}

TEST_F(WebIdentityTest, GoogleIsKnownByItself) {
  role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")",
                              R"({"StringEquals":{"accounts.google.com:aud":"app-1",)"
                              R"("accounts.google.com:oaud":"server-1"}})",
                              "accounts.google.com");
  for (const char* issuer : {"accounts.google.com", "https://accounts.google.com"}) {
    const auto answer = assume({{"iss", issuer}, {"aud", "server-1"}, {"azp", "app-1"}});
    ASSERT_EQ(outcome(answer), "ok") << issuer;
    EXPECT_EQ(element(*answer.xml, "Provider"), "accounts.google.com");
    EXPECT_EQ(element(*answer.xml, "Audience"), "app-1");
    EXPECT_EQ(keys_->last.issuer, "https://accounts.google.com");
    EXPECT_EQ(caller_of(answer).session->provider_keys.at("aws:FederatedProvider"),
              std::vector<std::string>{"accounts.google.com"});
  }
  EXPECT_NE(result({{"iss", "http://accounts.google.com"}}), "ok");
  EXPECT_EQ(result({{"iss", "https://accounts.google.com"}, {"aud", "app-2"}}),
            kDenied + "AssumeRoleWithWebIdentity");
}

TEST_F(WebIdentityTest, LoopbackIssuersMayUseHttp) {
  provider().name = "127.0.0.1:8080/realm";
  role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")",
                              R"({"StringEquals":{"127.0.0.1:8080/realm:aud":"other-client"}})",
                              "arn:aws:iam::123456789012:oidc-provider/127.0.0.1:8080/realm");
  EXPECT_EQ(result({{"iss", "http://127.0.0.1:8080/realm"}, {"aud", "other-client"}}), "ok");
}

}  // namespace
}  // namespace imdsd::sts
