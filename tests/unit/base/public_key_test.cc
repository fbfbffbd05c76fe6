// SPDX-License-Identifier: MIT
#include "base/public_key.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/support/oidc_issuer.h"

namespace imdsd::base {
namespace {

std::string bytes(std::string_view text) {
  return base64url_decode_unpadded(text).value();
}
std::string member(const support::OidcIssuer& issuer, const char* name) {
  return bytes(issuer.jwk().at(name).get<std::string>());
}

PublicKey key_of(const support::OidcIssuer& issuer) {
  const auto jwk = issuer.jwk();
  if (jwk.at("kty") == "RSA") {
    return PublicKey::rsa(member(issuer, "n"), member(issuer, "e")).value();
  }
  const EllipticCurve curve = jwk.at("crv") == "P-256"   ? EllipticCurve::p256
                              : jwk.at("crv") == "P-384" ? EllipticCurve::p384
                                                         : EllipticCurve::p521;
  return PublicKey::elliptic(curve, member(issuer, "x"), member(issuer, "y")).value();
}

constexpr std::string_view kNames[] = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"};

/// https://www.rfc-editor.org/rfc/rfc7515#appendix-A.2
TEST(PublicKey, VerifiesTheRsaExampleOfRfc7515) {
  const auto key = PublicKey::rsa(
      bytes("ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1"
            "Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kp"
            "aSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
            "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpo"
            "Q"),
      bytes("AQAB"));
  ASSERT_TRUE(key) << key.error().message;
  const std::string text =
      "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
      "NvbS9pc19yb290Ijp0cnVlfQ";
  const std::string signature = bytes(
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O"
      "8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIAR"
      "NPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
      "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77R"
      "w");
  EXPECT_TRUE(key->verifies(SignatureAlgorithm::rs256, text, signature));
  EXPECT_FALSE(key->verifies(SignatureAlgorithm::rs384, text, signature));
  EXPECT_FALSE(key->verifies(SignatureAlgorithm::rs256, text + "x", signature));
}

/// https://www.rfc-editor.org/rfc/rfc7515#appendix-A.3
TEST(PublicKey, VerifiesTheEllipticExampleOfRfc7515) {
  const auto key =
      PublicKey::elliptic(EllipticCurve::p256, bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                          bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
  ASSERT_TRUE(key) << key.error().message;
  const std::string text =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"
      "NvbS9pc19yb290Ijp0cnVlfQ";
  const std::string signature = bytes(
      "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  EXPECT_TRUE(key->verifies(SignatureAlgorithm::es256, text, signature));
  // Trailing and leading zeros are other signatures, and so is DER.
  EXPECT_FALSE(key->verifies(SignatureAlgorithm::es256, text, signature + '\0'));
  EXPECT_FALSE(key->verifies(SignatureAlgorithm::es256, text, std::string(1, '\0') + signature));
}

class EachAlgorithm : public testing::TestWithParam<std::string_view> {};

TEST_P(EachAlgorithm, VerifiesItsOwnSignaturesAlone) {
  const support::OidcIssuer issuer{std::string(GetParam())};
  const support::OidcIssuer stranger{std::string(GetParam())};
  const SignatureAlgorithm algorithm = find_signature_algorithm(GetParam()).value();
  const PublicKey key = key_of(issuer);
  const std::string signature = issuer.sign("text");
  EXPECT_TRUE(key.fits(algorithm));
  EXPECT_TRUE(key.verifies(algorithm, "text", signature));
  EXPECT_FALSE(key_of(stranger).verifies(algorithm, "text", signature));
  EXPECT_FALSE(key.verifies(algorithm, "texT", signature));
  for (const std::string_view name : kNames) {
    if (name == GetParam()) continue;
    EXPECT_FALSE(key.verifies(find_signature_algorithm(name).value(), "text", signature)) << name;
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    EXPECT_FALSE(key.verifies(algorithm, "text", signature.substr(0, i))) << i;
    std::string flipped = signature;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(key.verifies(algorithm, "text", flipped)) << i;
  }
  const std::string zeros(signature.size(), '\0');
  EXPECT_FALSE(key.verifies(algorithm, "text", zeros));
}

INSTANTIATE_TEST_SUITE_P(PublicKey, EachAlgorithm, testing::ValuesIn(kNames),
                         [](const auto& test) { return std::string(test.param); });

TEST(PublicKey, OtherAlgorithmsAreUnknown) {
  for (const char* name : {"", "none", "None", "HS256", "HS512", "PS256", "EdDSA", "rs256", "RS1",
                           "ES256K", "RS256 "}) {
    EXPECT_FALSE(find_signature_algorithm(name)) << name;
  }
}

TEST(PublicKey, RsaKeysHaveLimits) {
  const support::OidcIssuer issuer;
  const std::string n = member(issuer, "n");
  EXPECT_TRUE(PublicKey::rsa(n, bytes("AQAB")));
  EXPECT_TRUE(PublicKey::rsa(n, "\x03"));
  EXPECT_FALSE(PublicKey::rsa(n.substr(1), bytes("AQAB"))) << "2040 bits";
  EXPECT_FALSE(PublicKey::rsa(std::string(1025, '\xFF'), bytes("AQAB"))) << "8200 bits";
  EXPECT_FALSE(PublicKey::rsa("", bytes("AQAB")));
  EXPECT_FALSE(PublicKey::rsa(n, ""));
  EXPECT_FALSE(PublicKey::rsa(n, "\x01")) << "every signature would be one";
  EXPECT_FALSE(PublicKey::rsa(n, "\x04"));
  EXPECT_FALSE(PublicKey::rsa(n, std::string("\x01\x00\x00\x00\x01", 5))) << "33 bits";
}

TEST(PublicKey, PointsAreOnTheirCurve) {
  const support::OidcIssuer issuer("ES256");
  const std::string x = member(issuer, "x");
  std::string y = member(issuer, "y");
  EXPECT_TRUE(PublicKey::elliptic(EllipticCurve::p256, x, y));
  EXPECT_FALSE(PublicKey::elliptic(EllipticCurve::p384, x, y));
  EXPECT_FALSE(PublicKey::elliptic(EllipticCurve::p256, x, y.substr(1)));
  EXPECT_FALSE(
      PublicKey::elliptic(EllipticCurve::p256, std::string(32, '\0'), std::string(32, '\0')));
  y[31] = static_cast<char>(y[31] ^ 1);
  EXPECT_FALSE(PublicKey::elliptic(EllipticCurve::p256, x, y));
}

}  // namespace
}  // namespace imdsd::base
