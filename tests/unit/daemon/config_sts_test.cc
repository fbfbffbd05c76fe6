// SPDX-License-Identifier: MIT
#include <string>

#include <gtest/gtest.h>

#include "tests/support/oidc_issuer.h"
#include "tests/support/tls_peer.h"
#include "tests/unit/daemon/config_fixture.h"

namespace imdsd::daemon {
namespace {

const support::OidcIssuer& issuer() {
  static const support::OidcIssuer issuer("ES256");
  return issuer;
}

std::string discovery(const std::string& url) {
  return R"({"issuer":")" + url + R"(","jwks_uri":")" + url +
         R"(/keys","response_types_supported":[],"subject_types_supported":[],)"
         R"("id_token_signing_alg_values_supported":[]})";
}

std::string problems(const std::string& sts, std::map<std::string, std::string> files = {}) {
  return TestConfig{.text = "[sts]\n" + sts, .files = std::move(files)}.problems();
}

TEST(StsConfig, NothingIsFetchedUnlessItIsListed) {
  const Config config = TestConfig{.text = ""}.config();
  EXPECT_TRUE(config.sts.oidc_fetch.empty());
  EXPECT_FALSE(config.sts.tls_trust);
  const Config listed =
      TestConfig{.text =
                     "[sts]\noidc_fetch = [\"https://a.example/x\", \"http://localhost:8080\"]\n"
                     "oidc_private_ranges = [\"10.0.0.0/8\", \"fd12::/16\"]\n"}
          .config();
  EXPECT_EQ(listed.sts.oidc_fetch.size(), 2U);
  EXPECT_EQ(listed.sts.oidc_private_ranges.size(), 2U);
  EXPECT_TRUE(listed.sts.tls_trust);
}

TEST(StsConfig, IssuersAreUrls) {
  EXPECT_NE(problems("oidc_fetch = [\"http://a.example\"]").find("must be https"),
            std::string::npos);
  EXPECT_NE(problems("oidc_fetch = [\"a.example\"]").find("does not begin with https://"),
            std::string::npos);
  EXPECT_NE(problems("oidc_fetch = [\"https://a.example?x\"]").find("has no query"),
            std::string::npos);
  EXPECT_NE(problems("oidc_private_ranges = [\"inside\"]").find("must be address ranges"),
            std::string::npos);
}

TEST(StsConfig, AuthoritiesArePem) {
  const auto root = support::make_identity("root", "", nullptr);
  EXPECT_EQ(problems("oidc_ca_file = \"ca.pem\"", {{"conf/ca.pem", root.pem()}}), "");
  EXPECT_NE(problems("oidc_ca_file = \"ca.pem\"", {{"conf/ca.pem", "x"}})
                .find("sts.oidc_ca_file: holds no PEM certificate"),
            std::string::npos);
  EXPECT_NE(problems("oidc_ca = \"x\"").find("sts.oidc_ca: holds no PEM"), std::string::npos);
}

TEST(StsConfig, KeysAreGivenInPlaceOrInFiles) {
  const Config config =
      TestConfig{.text = "[[sts.oidc_issuer]]\nurl = \"https://a.example\"\njwks = '" +
                         issuer().jwks() +
                         "'\n[[sts.oidc_issuer]]\njwks_file = \"keys.json\"\n"
                         "discovery_file = \"discovery.json\"\n",
                 .files = {{"conf/keys.json", issuer().jwks()},
                           {"conf/discovery.json", discovery("https://b.example")}}}
          .config();
  ASSERT_EQ(config.sts.oidc_issuers.size(), 2U);
  EXPECT_EQ(config.sts.oidc_issuers[0].url, "https://a.example");
  EXPECT_EQ(config.sts.oidc_issuers[1].url, "https://b.example");
  EXPECT_TRUE(config.sts.oidc_issuers[1].keys->has("key-1"));
}

TEST(StsConfig, IssuersMustBeWhole) {
  const auto of = [](const std::string& body, std::map<std::string, std::string> files = {}) {
    return TestConfig{.text = "[[sts.oidc_issuer]]\n" + body, .files = std::move(files)}.problems();
  };
  const std::string keys = "jwks = '" + issuer().jwks() + "'\n";
  EXPECT_NE(of("url = \"https://a.example\"").find("is required, or jwks_file"), std::string::npos);
  EXPECT_NE(of(keys).find("is required, or discovery_file"), std::string::npos);
  EXPECT_NE(
      of(keys + "url = \"https://a.example\"\ndiscovery = '" + discovery("https://b.example") + "'")
          .find("is of issuer `https://b.example`, not of url"),
      std::string::npos);
  EXPECT_NE(of(keys + "discovery = '{}'").find("has no text `issuer`"), std::string::npos);
  EXPECT_NE(of("url = \"https://a.example\"\njwks = '{}'").find("has no list `keys`"),
            std::string::npos);
  EXPECT_NE(of("url = \"https://a.example\"\njwks = '{\"keys\":[]}'").find("has no key"),
            std::string::npos);
  const std::string twice = "url = \"https://a.example\"\n" + keys;
  EXPECT_NE(of(twice + "[[sts.oidc_issuer]]\n" + twice).find("is there twice"), std::string::npos);
}

TEST(StsConfig, KeysOfNoUseAreAWarning) {
  const auto loaded =
      TestConfig{.text = "[[sts.oidc_issuer]]\nurl = \"https://a.example\"\njwks = '{\"keys\":[" +
                         issuer().jwk().dump() + ",{\"kty\":\"oct\",\"kid\":\"s\"}]}'\n"}
          .parse();
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->warnings.size(), 1U);
  EXPECT_NE(loaded->warnings[0].to_string().find("ignored key `s`: type `oct`"), std::string::npos);
}

TEST(IamConfig, DeclaresOidcProviders) {
  const Config config =
      TestConfig{.text =
                     "[[iam.oidc_provider]]\nurl = \"https://a.example/id/\"\n"
                     "client_ids = [\"x\"]\nthumbprints = [\"" +
                     std::string(40, 'a') + "\"]\ntags = [{ key = \"k\", value = \"v\" }]\n"}
          .config();
  ASSERT_EQ(config.iam.oidc_providers.size(), 1U);
  EXPECT_EQ(config.iam.oidc_providers[0].name, "a.example/id");
  EXPECT_EQ(config.iam.oidc_providers[0].account, "123456789012");
  const auto of = [](const std::string& body) {
    return TestConfig{.text = "[[iam.oidc_provider]]\n" + body}.problems();
  };
  EXPECT_NE(of("").find("iam.oidc_provider.0.url: is required"), std::string::npos);
  EXPECT_NE(of("url = \"http://a.example\"").find("must be https://"), std::string::npos);
  EXPECT_NE(of("url = \"https://a\"\nthumbprints = [\"abc\"]").find("40 hex digits"),
            std::string::npos);
  EXPECT_NE(of("url = \"https://a\"\n[[iam.oidc_provider]]\nurl = \"https://A/\"\n")
                .find("is declared twice"),
            std::string::npos);
}

}  // namespace
}  // namespace imdsd::daemon
