// SPDX-License-Identifier: MIT
#include "base/aead.h"

#include <gtest/gtest.h>

#include "base/codec.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::base {
namespace {

const std::string kKey(kAeadKeyBytes, 'k');

// NIST's GCM test cases 13 and 14 for AES-256: all zero key and nonce.
TEST(Aead, KnownAnswers) {
  fakes::ScriptedRandom random;
  const std::string zero_key(kAeadKeyBytes, '\0');
  random.script_bytes(std::string(24, '\0'));
  EXPECT_EQ(hex_encode(aead_seal(zero_key, "", "", random)).substr(24),
            "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(hex_encode(aead_seal(zero_key, std::string(16, '\0'), "", random)).substr(24),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

// Test case 16 of the GCM specification carries associated data.
TEST(Aead, KnownAnswerWithAssociatedData) {
  fakes::ScriptedRandom random;
  random.script_bytes(hex_decode("cafebabefacedbaddecaf888").value());
  const std::string key =
      hex_decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").value();
  const std::string text = hex_decode(
                               "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                               "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
                               .value();
  const std::string associated = hex_decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
  const std::string sealed = aead_seal(key, text, associated, random);
  EXPECT_EQ(hex_encode(sealed.substr(sealed.size() - 16)), "76fc6ece0f4e1768cddf8853bb2d551b");
  EXPECT_EQ(hex_encode(sealed.substr(0, 16)), "cafebabefacedbaddecaf888522dc1f0");
}

TEST(Aead, OpensWhatItSealed) {
  fakes::ScriptedRandom random;
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 5000U}) {
    const std::string text(size, 't');
    const std::string sealed = aead_seal(kKey, text, "associated", random);
    EXPECT_EQ(sealed.size(), size + kAeadOverheadBytes);
    EXPECT_EQ(aead_open(kKey, sealed, "associated").value(), text);
  }
}

TEST(Aead, TakesAFreshNonceEachTime) {
  fakes::ScriptedRandom random;
  EXPECT_NE(aead_seal(kKey, "text", "", random), aead_seal(kKey, "text", "", random));
  EXPECT_EQ(random.drawn(), 24U);
}

TEST(Aead, EveryChangedBitIsCorrupt) {
  fakes::ScriptedRandom random;
  const std::string sealed = aead_seal(kKey, "some text", "associated", random);
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    const auto opened = aead_open(kKey, changed, "associated");
    ASSERT_FALSE(opened.has_value()) << bit;
    EXPECT_EQ(opened.error().code, Errc::corrupt);
  }
}

TEST(Aead, EveryTruncationIsCorrupt) {
  fakes::ScriptedRandom random;
  const std::string sealed = aead_seal(kKey, "some text", "", random);
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    const auto opened = aead_open(kKey, sealed.substr(0, length), "");
    ASSERT_FALSE(opened.has_value()) << length;
    EXPECT_EQ(opened.error().code, Errc::corrupt);
  }
  EXPECT_FALSE(aead_open(kKey, sealed + "x", "").has_value());
}

TEST(Aead, OtherKeyOrAssociatedDataIsCorrupt) {
  fakes::ScriptedRandom random;
  const std::string sealed = aead_seal(kKey, "some text", "associated", random);
  EXPECT_EQ(aead_open(std::string(kAeadKeyBytes, 'x'), sealed, "associated").error().code,
            Errc::corrupt);
  EXPECT_EQ(aead_open(kKey, sealed, "other").error().code, Errc::corrupt);
  EXPECT_EQ(aead_open(kKey, sealed, "").error().code, Errc::corrupt);
}

}  // namespace
}  // namespace imdsd::base
