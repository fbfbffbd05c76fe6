// SPDX-License-Identifier: MIT
#include "cli/identity_certificates.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

constexpr std::string_view kAnswer =
    R"({"region":"us-east-1","certificates":[)"
    R"({"type":"signature","algorithm":"RSA-1024 with SHA-256","pem":"-----BEGIN A\n"},)"
    R"({"type":"pkcs7","algorithm":"DSA-1024 with SHA-1","pem":"-----BEGIN B\n"}]})";

TEST(IdentityCertificatesText, SaysWhatEachIsFor) {
  EXPECT_EQ(identity_certificates_text(kAnswer, "").value(),
            "# us-east-1 signature: RSA-1024 with SHA-256\n-----BEGIN A\n"
            "# us-east-1 pkcs7: DSA-1024 with SHA-1\n-----BEGIN B\n");
  EXPECT_EQ(identity_certificates_text(kAnswer, "pkcs7").value(),
            "# us-east-1 pkcs7: DSA-1024 with SHA-1\n-----BEGIN B\n");
}

TEST(IdentityCertificatesJson, HasAllOrOne) {
  EXPECT_EQ(nlohmann::json::parse(identity_certificates_json(kAnswer, "").value()),
            nlohmann::json::parse(kAnswer));
  const auto one = nlohmann::json::parse(identity_certificates_json(kAnswer, "pkcs7").value());
  ASSERT_EQ(one["certificates"].size(), 1u);
  EXPECT_EQ(one["certificates"][0]["type"], "pkcs7");
}

TEST(IdentityCertificates, RefuseAnotherType) {
  const auto text = identity_certificates_text(kAnswer, "rsa");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "there is no type `rsa`: use one of `signature`, `pkcs7`");
}

TEST(IdentityCertificates, RefuseAnAnswerThatIsNone) {
  for (const std::string_view body : {"", "{}", R"({"region":1,"certificates":[]})",
                                      R"({"region":"r","certificates":[{"type":"pkcs7"}]})"}) {
    EXPECT_FALSE(identity_certificates_text(body, "")) << body;
  }
}

}  // namespace
}  // namespace imdsd::cli
