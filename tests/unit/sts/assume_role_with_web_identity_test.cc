// SPDX-License-Identifier: MIT
#include "sts/assume_role_with_web_identity.h"

#include <string>

#include "base/digest.h"
#include "tests/unit/sts/web_identity_fixture.h"

namespace imdsd::sts {
namespace {

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
  const std::string ascii = "https://" + std::string(503, 'x');
  EXPECT_EQ(result({{"iss", ascii + "\xC3\xA9"}}), none + ascii) << "cut between characters";
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

/// They stay with the session, in its token, which has an end.
TEST_F(WebIdentityTest, MethodsAreBounded) {
  const std::string rejected =
      "403 IDPRejectedClaim The claim amr is not valid: it has over 16 values, or over 512 bytes";
  const auto methods = [&](std::size_t count, std::size_t bytes) {
    return result({{"amr", std::vector<std::string>(count, std::string(bytes, 'm'))}});
  };
  EXPECT_EQ(methods(16, 32), "ok");
  EXPECT_EQ(methods(17, 1), rejected);
  EXPECT_EQ(methods(16, 33), rejected);
  EXPECT_EQ(result({{"amr", std::string(513, 'm')}}), rejected);
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

}  // namespace
}  // namespace imdsd::sts
