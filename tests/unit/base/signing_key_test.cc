// SPDX-License-Identifier: MIT
#include "base/signing_key.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

PublicKey public_half(const SigningKey& key) {
  const auto numbers = key.public_numbers();
  return key.algorithm() == SignatureAlgorithm::rs256
             ? PublicKey::rsa(numbers[1].second, numbers[0].second).value()
             : PublicKey::elliptic(EllipticCurve::p384, numbers[0].second, numbers[1].second)
                   .value();
}

class SigningKeyOf : public ::testing::TestWithParam<SignatureAlgorithm> {
 protected:
  SigningKey key_ = SigningKey::generate(GetParam()).value();
};

TEST_P(SigningKeyOf, SignsWhatItsPublicHalfVerifies) {
  const PublicKey half = public_half(key_);
  for (const std::string& data : {std::string(), std::string("data"), std::string(100'000, 'x')}) {
    std::string signature = key_.sign(data);
    EXPECT_TRUE(half.verifies(GetParam(), data, signature));
    EXPECT_FALSE(half.verifies(GetParam(), data + "x", signature));
    for (std::size_t i = 0; i < signature.size(); i += 7) {
      std::string flipped = signature;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      EXPECT_FALSE(half.verifies(GetParam(), data, flipped)) << i;
    }
  }
}

TEST_P(SigningKeyOf, ReadsBack) {
  const SigningKey again = SigningKey::from_pem(GetParam(), key_.to_pem()).value();
  EXPECT_EQ(again.public_numbers(), key_.public_numbers());
  EXPECT_TRUE(public_half(key_).verifies(GetParam(), "d", again.sign("d")));
}

TEST_P(SigningKeyOf, IsOfItsAlgorithmAlone) {
  const auto other = GetParam() == SignatureAlgorithm::rs256 ? SignatureAlgorithm::es384
                                                             : SignatureAlgorithm::rs256;
  EXPECT_FALSE(SigningKey::from_pem(other, key_.to_pem()));
  EXPECT_FALSE(SigningKey::from_pem(SignatureAlgorithm::es256, key_.to_pem()));
}

TEST_P(SigningKeyOf, TruncatedIsCorrupt) {
  const Secret whole = key_.to_pem();
  for (std::size_t size = 0; size + 30 < whole.reveal().size(); ++size) {
    const auto read = SigningKey::from_pem(GetParam(), Secret(whole.reveal().substr(0, size)));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().code, Errc::corrupt);
  }
}

INSTANTIATE_TEST_SUITE_P(Both, SigningKeyOf,
                         ::testing::Values(SignatureAlgorithm::rs256, SignatureAlgorithm::es384));

TEST(SigningKey, IsMadeForTheTwoAlgorithmsOnly) {
  EXPECT_FALSE(SigningKey::generate(SignatureAlgorithm::es256));
  EXPECT_FALSE(SigningKey::generate(SignatureAlgorithm::rs512));
}

}  // namespace
}  // namespace imdsd::base
