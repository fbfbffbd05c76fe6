// SPDX-License-Identifier: MIT
#include "sts/json_web_token.h"

#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "sts/json_web_key.h"
#include "tests/support/oidc_issuer.h"

namespace imdsd::sts {
namespace {

using support::OidcIssuer;

const OidcIssuer& issuer() {
  static const OidcIssuer issuer("ES256");
  return issuer;
}

const nlohmann::json kClaims{{"iss", "https://issuer.example"}, {"sub", "alice"}};

/// The token's header and claims as they are given, with a signature that is right.
std::string error_of(std::string_view header, std::string_view claims = "{}") {
  const auto token = JsonWebToken::parse(issuer().token(header, claims));
  return token ? "ok" : token.error().message;
}

TEST(JsonWebToken, HasItsParts) {
  const std::string text = issuer().token(kClaims);
  const auto token = JsonWebToken::parse(text);
  ASSERT_TRUE(token) << token.error().message;
  EXPECT_EQ(token->algorithm, base::SignatureAlgorithm::es256);
  EXPECT_EQ(token->key_id, "key-1");
  EXPECT_EQ(token->claims.find("sub")->text, "alice");
  EXPECT_EQ(token->signed_text, text.substr(0, text.rfind('.')));
  EXPECT_EQ(token->signature.size(), 64U);
}

TEST(JsonWebToken, NoAndOtherAlgorithmsAreRefused) {
  constexpr const char* kRefused = "header: `alg` is none of RS256 to RS512, ES256 to ES512";
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({"alg":"HS256"})",
        R"({"alg":"HS512"})", R"({"alg":"PS256"})", R"({"alg":"EdDSA"})", R"({"alg":"ES256K"})",
        R"({"alg":"rs256"})", R"({"typ":"JWT"})", "{}"}) {
    EXPECT_EQ(error_of(header), kRefused) << header;
  }
  EXPECT_EQ(error_of(R"({"alg":["RS256"]})"), "header: `alg` is no text");
  EXPECT_EQ(error_of(R"({"alg":null})"), "header: `alg` is no text");
}

TEST(JsonWebToken, WhatMustBeUnderstoodIsRefused) {
  EXPECT_EQ(error_of(R"({"alg":"ES256","crit":["exp"],"exp":1})"),
            "header: `crit` asks for what is not supported");
  EXPECT_EQ(error_of(R"({"alg":"ES256","crit":["b64"],"b64":false})"),
            "header: `crit` asks for what is not supported");
  EXPECT_EQ(error_of(R"({"alg":"ES256","crit":[]})"),
            "header: `crit` asks for what is not supported");
  EXPECT_EQ(error_of(R"({"alg":"ES256","x":"y"})"), "ok") << "what may be ignored is";
}

TEST(JsonWebToken, NothingIsThereTwice) {
  constexpr const char* kHeader = "header: no JSON object of unique members";
  constexpr const char* kClaimsError = "claims: no JSON object of unique members";
  EXPECT_EQ(error_of(R"({"alg":"ES256","alg":"ES256"})"), kHeader);
  EXPECT_EQ(error_of(R"({"alg":"ES256","\u0061lg":"none"})"), kHeader);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", R"({"sub":"a","sub":"b"})"), kClaimsError);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", R"({"a":{"b":1,"b":2}})"), kClaimsError);
  EXPECT_EQ(error_of(R"(["alg"])"), kHeader);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "[]"), kClaimsError);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "\"text\""), kClaimsError);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "{} "), "ok");
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "{}x"), kClaimsError);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "\xEF\xBB\xBF{}"), kClaimsError);
  EXPECT_EQ(error_of(R"({"alg":"ES256"})", "{\"a\":\"\xFF\"}"), kClaimsError);
}

TEST(JsonWebToken, KeyIdsAreShortTexts) {
  EXPECT_EQ(error_of(R"({"alg":"ES256","kid":7})"), "header: `kid` is no text");
  EXPECT_EQ(error_of(R"({"alg":"ES256","typ":{}})"), "header: `typ` is no text");
  EXPECT_EQ(error_of(R"({"alg":"ES256","kid":")" + std::string(1024, 'k') + "\"}"), "ok");
  EXPECT_EQ(error_of(R"({"alg":"ES256","kid":")" + std::string(1025, 'k') + "\"}"),
            "header: `kid` is too long");
}

TEST(JsonWebToken, OneFormAlone) {
  const std::string text = issuer().token(kClaims);
  EXPECT_FALSE(JsonWebToken::parse(""));
  EXPECT_FALSE(JsonWebToken::parse("a.b"));
  EXPECT_FALSE(JsonWebToken::parse(".."));
  EXPECT_FALSE(JsonWebToken::parse(text + "."));
  EXPECT_FALSE(JsonWebToken::parse(text + ".a.b")) << "encrypted";
  EXPECT_FALSE(JsonWebToken::parse(text + "=")) << "padded";
  EXPECT_FALSE(JsonWebToken::parse(" " + text));
  EXPECT_FALSE(JsonWebToken::parse(text + "\n"));
  EXPECT_FALSE(JsonWebToken::parse("Bearer " + text));
}

/// Whatever is cut off or changed, no token comes out that the key has signed.
TEST(JsonWebToken, CutAndFlippedTokensDoNotVerify) {
  const auto keys = JsonWebKeySet::parse(issuer().jwks()).value();
  const std::string text = issuer().token(kClaims);
  const auto verifies = [&](const std::string& changed) {
    const auto token = JsonWebToken::parse(changed);
    return token &&
           keys.verifies(token->key_id, token->algorithm, token->signed_text, token->signature);
  };
  ASSERT_TRUE(verifies(text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(verifies(text.substr(0, i))) << i;
    for (const int bit : {0, 1, 5}) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      EXPECT_FALSE(verifies(flipped)) << i;
    }
  }
}

TEST(JsonWebKeySet, ReadsEveryKindOfKey) {
  for (const char* algorithm : {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}) {
    const OidcIssuer each(algorithm);
    const auto keys = JsonWebKeySet::parse(each.jwks());
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_EQ(keys->keys.size(), 1U) << (keys->ignored.empty() ? "" : keys->ignored.front());
    const auto token = JsonWebToken::parse(each.token(kClaims)).value();
    EXPECT_TRUE(keys->verifies("key-1", token.algorithm, token.signed_text, token.signature));
    EXPECT_TRUE(keys->verifies("", token.algorithm, token.signed_text, token.signature));
    EXPECT_FALSE(keys->verifies("key-2", token.algorithm, token.signed_text, token.signature));
  }
}

/// The public key is no secret: a token that is "signed" with it by HMAC is not even parsed, and a
/// key of that kind is not taken.
TEST(JsonWebKeySet, SymmetricKeysAreIgnored) {
  const auto keys =
      JsonWebKeySet::parse(R"({"keys":[{"kty":"oct","kid":"a","alg":"HS256","k":"c2VjcmV0"}]})");
  ASSERT_TRUE(keys);
  EXPECT_TRUE(keys->keys.empty());
  ASSERT_EQ(keys->ignored.size(), 1U);
  EXPECT_EQ(keys->ignored[0], "key `a`: type `oct`");
}

TEST(JsonWebKeySet, LongKeyIdsAreCutBetweenCharacters) {
  const std::string ascii(63, 'a');
  const auto keys =
      JsonWebKeySet::parse(R"({"keys":[{"kty":"oct","kid":")" + ascii + "\xC3\xA9\"}]}");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->ignored, std::vector<std::string>{"key `" + ascii + "`: type `oct`"});
}

TEST(JsonWebKeySet, IgnoresKeysThatAreOfNoUse) {
  const auto ignored = [](const nlohmann::json& changes) {
    nlohmann::json key = issuer().jwk();
    for (const auto& [name, value] : changes.items()) {
      if (value.is_null()) {
        key.erase(name);
      } else {
        key[name] = value;
      }
    }
    const auto keys = JsonWebKeySet::parse(nlohmann::json{{"keys", {key}}}.dump()).value();
    return keys.keys.empty() ? keys.ignored.at(0) : "taken";
  };
  EXPECT_EQ(ignored(nlohmann::json::object()), "taken");
  EXPECT_EQ(ignored({{"use", nullptr}, {"alg", nullptr}}), "taken");
  EXPECT_EQ(ignored({{"key_ops", {"verify"}}}), "taken");
  EXPECT_EQ(ignored({{"use", "enc"}}), "key `key-1`: is for `enc`");
  EXPECT_EQ(ignored({{"key_ops", {"sign"}}}), "key `key-1`: is not for `verify`");
  EXPECT_EQ(ignored({{"alg", "RS256"}}), "key `key-1`: algorithm `RS256`");
  EXPECT_EQ(ignored({{"alg", "ES384"}}), "key `key-1`: algorithm `ES384`");
  EXPECT_EQ(ignored({{"alg", "none"}}), "key `key-1`: algorithm `none`");
  EXPECT_EQ(ignored({{"crv", "secp256k1"}}), "key `key-1`: curve `secp256k1`");
  EXPECT_EQ(ignored({{"x", nullptr}}), "key `key-1`: has no `x`");
  EXPECT_EQ(ignored({{"x", 7}}), "key `key-1`: `x` is no text");
  EXPECT_EQ(ignored({{"kty", "RSA"}}), "key `key-1`: has no `n`");
  EXPECT_EQ(ignored({{"kty", nullptr}, {"kid", nullptr}}), "key 0: type ``");
  EXPECT_EQ(ignored({{"y", issuer().jwk().at("x")}}), "key `key-1`: not a point of P-256");
}

TEST(JsonWebKeySet, WhatIsNoSetIsAnError) {
  for (const char* text :
       {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[]}x)", R"({"keys":[],"keys":[]})"}) {
    EXPECT_FALSE(JsonWebKeySet::parse(text)) << text;
  }
  std::string many = R"({"keys":[)";
  for (std::size_t i = 0; i < kMaxKeys; ++i) many += "{},";
  EXPECT_FALSE(JsonWebKeySet::parse(many + "{}]}"));
  many.pop_back();
  EXPECT_TRUE(JsonWebKeySet::parse(many + "]}"));
}

TEST(JsonWebKeySet, WithoutAKeyIdThereMustBeOneKey) {
  const OidcIssuer other("ES256", "key-2");
  const OidcIssuer rsa("RS256", "key-3");
  const auto token =
      JsonWebToken::parse(issuer().token(R"({"alg":"ES256"})", kClaims.dump())).value();
  const auto verifies = [&](const nlohmann::json& keys) {
    return JsonWebKeySet::parse(nlohmann::json{{"keys", keys}}.dump())
        .value()
        .verifies(token.key_id, token.algorithm, token.signed_text, token.signature);
  };
  EXPECT_TRUE(verifies({issuer().jwk(), rsa.jwk()}));
  EXPECT_FALSE(verifies({issuer().jwk(), other.jwk()}));
}

/// Keys that share an id, as while one is replaced.
TEST(JsonWebKeySet, EachKeyOfTheIdIsTried) {
  const OidcIssuer next("ES256", "key-1");
  const auto keys =
      JsonWebKeySet::parse(nlohmann::json{{"keys", {next.jwk(), issuer().jwk()}}}.dump()).value();
  for (const OidcIssuer* each : {&issuer(), &next}) {
    const auto token = JsonWebToken::parse(each->token(kClaims)).value();
    EXPECT_TRUE(keys.verifies("key-1", token.algorithm, token.signed_text, token.signature));
  }
}

}  // namespace
}  // namespace imdsd::sts
