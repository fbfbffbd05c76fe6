// SPDX-License-Identifier: MIT
#include "sts/assume_role_with_web_identity.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "tests/support/oidc_issuer.h"
#include "tests/unit/sts/sts_fixture.h"

namespace imdsd::sts {
namespace {

using nlohmann::json;
using support::OidcIssuer;

const std::string kUrl = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const std::string kName = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const std::string kProviderArn = "arn:aws:iam::123456789012:oidc-provider/" + kName;
const std::string kRoleArn = "arn:aws:iam::123456789012:role/pod";
constexpr const char* kAction = "AssumeRoleWithWebIdentity";
const std::string kDenied = "403 AccessDenied Not authorized to perform sts:";

/// Keys by issuer, as the configuration would give them; or an error.
class GivenKeys final : public OidcKeySource {
 public:
  base::Result<std::shared_ptr<const JsonWebKeySet>> find(const Request& request) override {
    last = request;
    if (failure) return tl::unexpected(*failure);
    return std::make_shared<const JsonWebKeySet>(JsonWebKeySet::parse(jwks).value());
  }
  std::string jwks;
  std::optional<base::Error> failure;
  Request last;
};

const OidcIssuer& rsa() {
  static const OidcIssuer issuer("RS256");
  return issuer;
}

class WebIdentityTest : public StsTest {
 protected:
  WebIdentityTest() {
    keys_->jwks = rsa().jwks();
    world_.oidc_keys = keys_;
    provider().account = kAccount;
    provider().name = kName;
    provider().client_ids = {"sts.amazonaws.com", "other-client"};
    provider().thumbprints = {std::string(40, 'a')};
    world_.roles.push_back({.name = "pod",
                            .trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")"),
                            .max_session_duration = hours(2)});
  }

  iam::Declarations::DeclaredOidcProvider& provider() {
    if (world_.oidc_providers.empty()) world_.oidc_providers.emplace_back();
    return world_.oidc_providers.front();
  }
  StsWorld::Role& role() { return world_.roles.front(); }

  static std::string trust_policy(const std::string& actions, const std::string& condition = "",
                                  const std::string& provider = kProviderArn) {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":")" +
           provider + R"("},"Action":)" + actions +
           (condition.empty() ? "" : R"(,"Condition":)" + condition) + "}]}";
  }
  void trust_if(const std::string& condition) {
    role().trust = trust_policy(R"("sts:AssumeRoleWithWebIdentity")", condition);
  }

  [[nodiscard]] std::int64_t now() const {
    return std::chrono::floor<seconds>(world_.clock.now()).time_since_epoch().count();
  }

  /// The projected token of a pod's service account, as a cluster makes it.
  [[nodiscard]] json claims(const json& changes = json::object()) const {
    json out{{"iss", kUrl},
             {"sub", "system:serviceaccount:default:reader"},
             {"aud", {"sts.amazonaws.com"}},
             {"iat", now()},
             {"nbf", now()},
             {"exp", now() + 3600},
             {"jti", "6c0a1b2c-0000-4000-8000-00000000000a"},
             {"kubernetes.io",
              {{"namespace", "default"},
               {"node", {{"name", "node-1"}, {"uid", "6c0a"}}},
               {"pod", {{"name", "reader-0"}, {"uid", "6c0b"}}},
               {"serviceaccount", {{"name", "reader"}, {"uid", "6c0c"}}},
               {"warnafter", now() + 3607}}}};
    for (const auto& [name, value] : changes.items()) {
      if (value.is_null()) {
        out.erase(name);
      } else {
        out[name] = value;
      }
    }
    return out;
  }

  ActionAnswer assume_with(const std::string& token, const Parameters& more = {}) {
    Parameters parameters{{"RoleArn", kRoleArn}, {"RoleSessionName", "pod-1"}};
    parameters.emplace_back("WebIdentityToken", token);
    for (const auto& [name, value] : more) {
      std::erase_if(parameters, [&](const auto& old) { return old.first == name; });
      parameters.emplace_back(name, value);
    }
    return call(kAction, iam::Caller(), parameters);
  }
  ActionAnswer assume(const json& changes = json::object(), const Parameters& more = {}) {
    return assume_with(rsa().token(claims(changes)), more);
  }
  std::string result(const json& changes = json::object(), const Parameters& more = {}) {
    return outcome(assume(changes, more));
  }

  const std::shared_ptr<GivenKeys> keys_ = std::make_shared<GivenKeys>();
};

TEST_F(WebIdentityTest, IsAnUnsignedAction) {
  EXPECT_TRUE(is_unsigned_action(kAction));
}

TEST_F(WebIdentityTest, APodBecomesItsRole) {
  const auto answer = assume();
  ASSERT_EQ(outcome(answer), "ok");
  const std::string& xml = *answer.xml;
  EXPECT_EQ(element(xml, "SubjectFromWebIdentityToken"), "system:serviceaccount:default:reader");
  EXPECT_EQ(element(xml, "Audience"), "sts.amazonaws.com");
  EXPECT_EQ(element(xml, "Provider"), kProviderArn);
  EXPECT_EQ(element(xml, "Arn"), "arn:aws:sts::123456789012:assumed-role/pod/pod-1");
  EXPECT_EQ(element(xml, "Expiration"), "2026-01-01T01:00:00Z");
  EXPECT_EQ(element(xml, "PackedPolicySize"), "");
  EXPECT_EQ(caller_of(answer).principal.arn, "arn:aws:sts::123456789012:assumed-role/pod/pod-1");
  EXPECT_EQ(keys_->last.issuer, kUrl);
  EXPECT_EQ(keys_->last.key_id, "key-1");
  EXPECT_EQ(keys_->last.thumbprints, std::vector<std::string>{std::string(40, 'a')});
  EXPECT_EQ(answer.vouched_for, kProviderArn + " system:serviceaccount:default:reader");
}

TEST_F(WebIdentityTest, EveryAlgorithmButTheSharedSecrets) {
  for (const char* algorithm : {"RS384", "RS512", "ES256", "ES384", "ES512"}) {
    const OidcIssuer issuer(algorithm);
    keys_->jwks = issuer.jwks();
    EXPECT_EQ(outcome(assume_with(issuer.token(claims()))), "ok") << algorithm;
  }
}

TEST_F(WebIdentityTest, ForgedTokensAreRefused) {
  const std::string invalid = "400 InvalidIdentityToken ";
  const std::string not_a_jwt =
      invalid +
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access "
      "Token): ";
  const auto unsigned_part = [&](const std::string& header) {
    return base::base64url_encode_unpadded(header) + "." +
           base::base64url_encode_unpadded(claims().dump());
  };
  EXPECT_EQ(outcome(assume_with("Atza|access-token")),
            not_a_jwt + "not three parts with dots between them");
  const std::string none = unsigned_part(R"({"alg":"none"})") + ".";
  EXPECT_EQ(outcome(assume_with(none)),
            not_a_jwt + "header: `alg` is none of RS256 to RS512, ES256 to ES512");
  // The public key as the secret of an HMAC.
  const std::string hmac_text = unsigned_part(R"({"alg":"HS256","kid":"key-1"})");
  const std::string hmac =
      hmac_text + "." + base::base64url_encode_unpadded(base::hmac_sha256(rsa().jwks(), hmac_text));
  EXPECT_EQ(outcome(assume_with(hmac)),
            not_a_jwt + "header: `alg` is none of RS256 to RS512, ES256 to ES512");
  const std::string relabelled =
      hmac_text + "." + base::base64url_encode_unpadded(rsa().sign(hmac_text));
  EXPECT_EQ(outcome(assume_with(relabelled)),
            not_a_jwt + "header: `alg` is none of RS256 to RS512, ES256 to ES512");
  // The attacker's own key, with the id of the issuer's, or in the header itself.
  const OidcIssuer attacker("RS256", "key-1");
  EXPECT_EQ(outcome(assume_with(attacker.token(claims()))),
            invalid + "The ID Token's signature is not one of its issuer");
  const json header{{"alg", "RS256"}, {"kid", "key-1"}, {"jwk", attacker.jwk()}};
  EXPECT_EQ(outcome(assume_with(attacker.token(header.dump(), claims().dump()))),
            invalid + "The ID Token's signature is not one of its issuer");
  const OidcIssuer unknown("RS256", "key-9");
  EXPECT_EQ(outcome(assume_with(unknown.token(claims()))),
            invalid +
                "Couldn't retrieve verification key from your identity provider,  please reference "
                "AssumeRoleWithWebIdentity documentation for requirements: the issuer has no key "
                "of the token's `kid`");
  // The same signature under another algorithm of the same key.
  const json other{{"alg", "RS384"}, {"kid", "key-1"}};
  EXPECT_EQ(outcome(assume_with(rsa().token(other.dump(), claims().dump()))),
            invalid + "The ID Token's signature is not one of its issuer");
}

TEST_F(WebIdentityTest, CutAndFlippedTokensAreRefused) {
  const OidcIssuer issuer("ES256");
  keys_->jwks = issuer.jwks();
  const std::string token = issuer.token(claims());
  ASSERT_EQ(outcome(assume_with(token)), "ok");
  for (std::size_t i = 0; i < token.size(); i += 7) {
    EXPECT_NE(outcome(assume_with(token.substr(0, i))), "ok") << i;
    std::string flipped = token;
    flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
    ASSERT_NE(flipped, token);
    EXPECT_NE(outcome(assume_with(flipped)), "ok") << i;
  }
}

TEST_F(WebIdentityTest, ParametersAreCheckedAndTheTokenIsNotPrinted) {
  const std::string prefix = "400 ValidationError 1 validation error detected: ";
  EXPECT_EQ(
      outcome(call(kAction, iam::Caller(), {{"RoleArn", kRoleArn}, {"RoleSessionName", "pod-1"}})),
      prefix +
          "Value at 'webIdentityToken' failed to satisfy constraint: Member must not be "
          "null");
  EXPECT_EQ(outcome(assume_with("abc")),
            prefix +
                "Value at 'webIdentityToken' failed to satisfy constraint: Member must have "
                "length greater than or equal to 4");
  EXPECT_EQ(outcome(assume_with(std::string(20'001, 'a'))),
            prefix +
                "Value at 'webIdentityToken' failed to satisfy constraint: Member must have "
                "length less than or equal to 20000");
  EXPECT_EQ(result({}, {{"DurationSeconds", "899"}}),
            prefix +
                "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must "
                "have value greater than or equal to 900");
  EXPECT_EQ(result({}, {{"ProviderId", "abc"}}),
            prefix +
                "Value 'abc' at 'providerId' failed to satisfy constraint: Member must have "
                "length greater than or equal to 4");
  EXPECT_EQ(result({}, {{"RoleArn", "arn:aws:iam::123456789012:user/pod"}}),
            "400 ValidationError Request ARN is invalid");
  EXPECT_EQ(result({}, {{"DurationSeconds", "x"}}), "400 MalformedInput -");
  EXPECT_EQ(result({}, {{"ProviderId", "www.amazon.com"}}).rfind("400 InvalidIdentityToken", 0),
            0U);
}

TEST_F(WebIdentityTest, TheAccountMustHaveTheProvider) {
  const std::string none =
      "400 InvalidIdentityToken No OpenIDConnect provider found in your account for ";
  EXPECT_EQ(result({{"iss", "https://other.example"}}), none + "https://other.example");
  EXPECT_EQ(result({{"iss", "http://" + kName}}), none + "http://" + kName);
  EXPECT_EQ(result({{"iss", "https://oidc.eks.eu-west-1.amazonaws.com/id/abc"}}),
            none + "https://oidc.eks.eu-west-1.amazonaws.com/id/abc");
  EXPECT_EQ(result({}, {{"RoleArn", "arn:aws:iam::210987654321:role/pod"}}), none + kUrl)
      << "in the role's own account";
  provider().name = "elsewhere";
  EXPECT_EQ(result(), none + kUrl);
}

TEST_F(WebIdentityTest, TheTokenMustBeForAClientOfTheProvider) {
  const std::string wrong = "400 InvalidIdentityToken Incorrect token audience";
  EXPECT_EQ(result({{"aud", "https://kubernetes.default.svc"}}), wrong);
  EXPECT_EQ(result({{"aud", {"a", "b"}}}), wrong);
  EXPECT_EQ(result({{"aud", "STS.amazonaws.com"}}), wrong);
  const auto audience = [&](const json& changes) {
    return element(assume(changes).xml.value(), "Audience");
  };
  EXPECT_EQ(audience({{"aud", "sts.amazonaws.com"}}), "sts.amazonaws.com");
  EXPECT_EQ(audience({{"aud", {"a", "other-client", "sts.amazonaws.com"}}}), "other-client");
  EXPECT_EQ(audience({{"aud", "anything"}, {"azp", "other-client"}}), "other-client");
  EXPECT_EQ(result({{"aud", "sts.amazonaws.com"}, {"azp", "stranger"}}), wrong);
  provider().client_ids = std::vector<std::string>();
  EXPECT_EQ(result(), wrong);
}

TEST_F(WebIdentityTest, ClaimsMustBeThereAndWhatTheyAre) {
  const std::string invalid = "400 InvalidIdentityToken ";
  for (const char* name : {"iss", "sub", "aud", "exp", "iat"}) {
    EXPECT_EQ(result({{name, nullptr}}), invalid + "Missing a required claim: " + name);
  }
  EXPECT_EQ(result({{"aud", json::array()}}), invalid + "Missing a required claim: aud");
  EXPECT_EQ(result({{"sub", ""}}), invalid + "Missing a required claim: sub");
  EXPECT_EQ(result({{"sub", 7}}), invalid + "The claim sub is no text");
  EXPECT_EQ(result({{"iss", {kUrl}}}), invalid + "The claim iss is no text");
  EXPECT_EQ(result({{"aud", {"sts.amazonaws.com", 7}}}),
            invalid + "The claim aud is neither text nor a list of texts");
  EXPECT_EQ(result({{"exp", "1767229200"}}), invalid + "The claim exp is no time in seconds");
  EXPECT_EQ(result({{"exp", -1}}), invalid + "The claim exp is no time in seconds");
  EXPECT_EQ(result({{"exp", 1e300}}), invalid + "The claim exp is no time in seconds");
  EXPECT_EQ(result({{"nbf", true}}), invalid + "The claim nbf is no time in seconds");
  EXPECT_EQ(result({{"exp", static_cast<double>(now()) + 0.5}}), "ok");
  EXPECT_EQ(result({{"nbf", nullptr}, {"jti", nullptr}, {"kubernetes.io", nullptr}}), "ok");
  EXPECT_EQ(result({{"sub", std::string(255, 's')}}), "ok");
  EXPECT_EQ(result({{"sub", std::string(256, 's')}}),
            "403 IDPRejectedClaim The claim sub is not valid: it has over 255 bytes");
}

TEST_F(WebIdentityTest, TimesHaveFiveMinutesOfSkew) {
  const json token = claims({{"exp", now() + 60}});
  const std::string text = rsa().token(token);
  world_.clock.advance(seconds(60 + 299));
  EXPECT_EQ(outcome(assume_with(text)), "ok");
  world_.clock.advance(seconds(1) - std::chrono::microseconds(1));
  EXPECT_EQ(outcome(assume_with(text)), "ok");
  world_.clock.advance(std::chrono::microseconds(1));
  EXPECT_EQ(outcome(assume_with(text)),
            "400 ExpiredTokenException Token expired: current date/time " + std::to_string(now()) +
                " must be before the expiration date/time " + std::to_string(now() - 300));
  const auto future = [&](const char* claim, std::int64_t at) { return result({{claim, at}}); };
  EXPECT_EQ(future("nbf", now() + 300), "ok");
  EXPECT_EQ(future("nbf", now() + 301),
            "400 InvalidIdentityToken Token is not valid yet: current date/time " +
                std::to_string(now()) + " is before " + std::to_string(now() + 301) + " (nbf)");
  EXPECT_EQ(future("iat", now() + 300), "ok");
  EXPECT_EQ(future("iat", now() + 301).rfind("400 InvalidIdentityToken Token is not issued yet", 0),
            0U);
}

TEST_F(WebIdentityTest, KeysThatCannotBeHadAreTold) {
  const auto failing = [&](base::Errc code) {
    keys_->failure = base::Error{code, "because"};
    return result();
  };
  EXPECT_EQ(failing(base::Errc::unavailable),
            "400 IDPCommunicationError The identity provider could not be reached to verify the "
            "token: because");
  EXPECT_EQ(failing(base::Errc::access_denied),
            "400 InvalidIdentityToken OpenIDConnect provider's HTTPS certificate doesn't match "
            "configured thumbprint");
  const std::string no_key =
      "400 InvalidIdentityToken Couldn't retrieve verification key from your identity provider,  "
      "please reference AssumeRoleWithWebIdentity documentation for requirements: ";
  EXPECT_EQ(failing(base::Errc::not_found), no_key + "because");
  EXPECT_EQ(failing(base::Errc::invalid_argument), no_key + "because");
  EXPECT_EQ(failing(base::Errc::too_large), no_key + "because");
  world_.oidc_keys = nullptr;
  EXPECT_EQ(result(), no_key + "no keys are configured");
}

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
