// SPDX-License-Identifier: MIT
#include "base/p256.h"

#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::base {
namespace {

// RFC 6979 section A.2.5: key, public key, and the signature of "sample" with SHA-256, as DER.
const std::string kPrivateKey =
    hex_decode("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721").value();
const std::string kSignature =
    hex_decode(
        "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c94"
        "2d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")
        .value();

TEST(P256PublicKey, BelongsToThePrivateOne) {
  EXPECT_EQ(P256PublicKey::of_private(kPrivateKey).value().coordinates_hex(),
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
}

TEST(P256PublicKey, VerifiesTheSignatureOfTheStandard) {
  const auto key = P256PublicKey::of_private(kPrivateKey).value();
  EXPECT_TRUE(key.verify("sample", kSignature));
  EXPECT_FALSE(key.verify("sampl", kSignature));
  EXPECT_FALSE(key.verify("", kSignature));
}

TEST(P256PublicKey, RefusesEveryTruncationAndEveryFlippedBit) {
  const auto key = P256PublicKey::of_private(kPrivateKey).value();
  for (std::size_t n = 0; n < kSignature.size(); ++n) {
    EXPECT_FALSE(key.verify("sample", kSignature.substr(0, n))) << n;
  }
  for (std::size_t bit = 0; bit < 8 * kSignature.size(); ++bit) {
    std::string flipped = kSignature;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(key.verify("sample", flipped)) << bit;
  }
}

// One signature has one spelling.
TEST(P256PublicKey, RefusesAnotherEncodingOfTheSameNumbers) {
  const auto key = P256PublicKey::of_private(kPrivateKey).value();
  EXPECT_FALSE(key.verify("sample", kSignature + '\0'));
  std::string long_length = kSignature;
  long_length.insert(1, 1, '\x81');
  EXPECT_FALSE(key.verify("sample", long_length));
}

TEST(P256PublicKey, IsMadeOnlyOfANumberBelowTheOrder) {
  const std::string order =
      hex_decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").value();
  std::string largest = order;
  largest.back() = '\x50';
  std::string one(kP256ScalarBytes, '\0');
  one.back() = '\x01';
  EXPECT_TRUE(P256PublicKey::of_private(largest));
  EXPECT_TRUE(P256PublicKey::of_private(one));
  for (const auto& refused : {order, std::string(kP256ScalarBytes, '\0'), std::string(),
                              std::string(kP256ScalarBytes, '\xff'), one.substr(1), '\0' + one}) {
    const auto key = P256PublicKey::of_private(refused);
    ASSERT_FALSE(key) << hex_encode(refused);
    EXPECT_EQ(key.error().code, Errc::invalid_argument);
  }
}

}  // namespace
}  // namespace imdsd::base
