// SPDX-License-Identifier: MIT
#include "sts/openid_configuration.h"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imdsd::sts {
namespace {

const nlohmann::json kDocument{{"issuer", "https://issuer.example"},
                               {"jwks_uri", "https://issuer.example/keys"},
                               {"response_types_supported", {"id_token"}},
                               {"subject_types_supported", {"public"}},
                               {"id_token_signing_alg_values_supported", {"RS256"}},
                               {"claims_supported", {"sub"}}};

TEST(OpenidConfiguration, HasIssuerAndKeys) {
  const auto parsed = OpenidConfiguration::parse(kDocument.dump());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->issuer, "https://issuer.example");
  EXPECT_EQ(parsed->jwks_uri, "https://issuer.example/keys");
}

TEST(OpenidConfiguration, RequiresWhatTheSpecificationRequires) {
  for (const char* name : {"issuer", "jwks_uri", "response_types_supported",
                           "subject_types_supported", "id_token_signing_alg_values_supported"}) {
    nlohmann::json document = kDocument;
    document.erase(name);
    const auto parsed = OpenidConfiguration::parse(document.dump());
    ASSERT_FALSE(parsed) << name;
    EXPECT_NE(parsed.error().message.find("`" + std::string(name) + "`"), std::string::npos);
    document[name] = 7;
    EXPECT_FALSE(OpenidConfiguration::parse(document.dump())) << name;
  }
  for (const char* text : {"", "[]", "<html>", R"({"issuer":"a","issuer":"b"})"}) {
    EXPECT_FALSE(OpenidConfiguration::parse(text)) << text;
  }
}

TEST(OpenidConfiguration, IsBelowTheIssuer) {
  EXPECT_EQ(openid_configuration_url("https://a"), "https://a/.well-known/openid-configuration");
  EXPECT_EQ(openid_configuration_url("https://a/"), "https://a/.well-known/openid-configuration");
  EXPECT_EQ(openid_configuration_url("https://a/id/7"),
            "https://a/id/7/.well-known/openid-configuration");
}

}  // namespace
}  // namespace imdsd::sts
