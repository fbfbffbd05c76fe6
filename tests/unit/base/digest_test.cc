// SPDX-License-Identifier: MIT
#include "base/digest.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"

namespace imdsd::base {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(hex_encode(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// FIPS 180-4 examples.
TEST(Sha1, KnownAnswers) {
  EXPECT_EQ(hex_encode(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(hex_encode(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

struct Case {
  std::string_view name;
  std::string key;
  std::string data;
  std::string_view mac;
};

class HmacSha256 : public testing::TestWithParam<Case> {};

TEST_P(HmacSha256, KnownAnswer) {
  EXPECT_EQ(hex_encode(hmac_sha256(GetParam().key, GetParam().data)), GetParam().mac);
}

// RFC 4231 sections 4.2, 4.3, 4.4, 4.7 and 4.8.
INSTANTIATE_TEST_SUITE_P(
    Rfc4231, HmacSha256,
    testing::Values(
        Case{"case1", std::string(20, '\x0b'), "Hi There",
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        Case{"case2", "Jefe", "what do ya want for nothing?",
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        Case{"case3", std::string(20, '\xaa'), std::string(50, '\xdd'),
             "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        Case{"case6_long_key", std::string(131, '\xaa'),
             "Test Using Larger Than Block-Size Key - Hash Key First",
             "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        Case{"case7_long_both", std::string(131, '\xaa'),
             "This is a test using a larger than block-size key and a larger than block-size data. "
             "The key needs to be hashed before being used by the HMAC algorithm.",
             "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        Case{"empty", "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(HmacSha256, KeysOfBlockSizeAreNotHashed) {
  const std::string key(64, 'k');
  EXPECT_NE(hmac_sha256(key, "x"), hmac_sha256(sha256(key), "x"));
  const std::string longer(65, 'k');
  EXPECT_EQ(hmac_sha256(longer, "x"), hmac_sha256(sha256(longer), "x"));
}

// RFC 2202, test cases 2 and 6.
TEST(HmacSha1, OfRfc2202) {
  EXPECT_EQ(hex_encode(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex_encode(hmac_sha1(std::string(80, '\xaa'),
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

TEST(HmacSha256, ThreadsDoNotDisturbEachOther) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) {
        EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")).substr(0, 8),
                  "5bdcc146");
      }
    });
  }
}

}  // namespace
}  // namespace imdsd::base
