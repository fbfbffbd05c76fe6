// SPDX-License-Identifier: MIT
// That others accept what is signed is tested with openssl's and other programs
// (tests/integration, tests/conformance); here is what the interface promises.
#include "base/certified_key.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

constexpr SystemTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

CertificateSubject subject() {
  return {"imdsd", "test", kNow, kNow + std::chrono::hours(24 * 365 * 100)};
}

CertifiedKey key_of(CertifiedKeyType type) {
  return CertifiedKey::generate(type, subject()).value();
}

class CertifiedKeys : public testing::TestWithParam<CertifiedKeyType> {};

TEST_P(CertifiedKeys, ReadBackWhatTheyWrite) {
  const CertifiedKey key = key_of(GetParam());
  const Secret pem = key.to_pem();
  const auto again = CertifiedKey::read_pem(pem.reveal());
  ASSERT_TRUE(again) << again.error().message;
  ASSERT_EQ(again->size(), 1u);
  EXPECT_EQ(again->front().type(), GetParam());
  EXPECT_EQ(again->front().certificate_pem(), key.certificate_pem());
  EXPECT_EQ(again->front().to_pem().reveal(), pem.reveal());
  EXPECT_NE(pem.reveal().find("PRIVATE KEY"), std::string::npos);
  EXPECT_EQ(key.certificate_pem().find("PRIVATE KEY"), std::string::npos);
}

TEST_P(CertifiedKeys, AreNeverTheSameTwice) {
  EXPECT_NE(key_of(GetParam()).certificate_pem(), key_of(GetParam()).certificate_pem());
}

TEST_P(CertifiedKeys, PutTheContentIntoTheMessage) {
  const std::string content = "{\n  \"region\" : \"us-east-1\"\n}";
  const auto message = key_of(GetParam()).sign_message(content, kNow);
  ASSERT_TRUE(message) << message.error().message;
  EXPECT_NE(message->find(content), std::string::npos);
  // SEQUENCE of indefinite length, id-signedData; end-of-contents octets at the end.
  EXPECT_TRUE(message->starts_with(
      std::string("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 13)));
  EXPECT_TRUE(message->ends_with(std::string(6, '\0')));
  // UTCTime of the signing time.
  EXPECT_NE(message->find("260101000000Z"), std::string::npos);
}

TEST_P(CertifiedKeys, RefuseAnotherOnesCertificate) {
  const CertifiedKey one = key_of(GetParam()), two = key_of(GetParam());
  const Secret pem = two.to_pem();
  const std::string key(pem.reveal().substr(pem.reveal().find("-----BEGIN PRIVATE")));
  const auto read = CertifiedKey::read_pem(one.certificate_pem() + key);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::corrupt);
}

TEST_P(CertifiedKeys, ReadNothingThatWasCut) {
  const Secret pem = key_of(GetParam()).to_pem();
  const std::string_view whole = pem.reveal();
  for (std::size_t size = 0; size + 1 < whole.size(); size += 7) {
    const auto read = CertifiedKey::read_pem(whole.substr(0, size));
    EXPECT_TRUE(!read || read->empty()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, CertifiedKeys,
                         testing::Values(CertifiedKeyType::rsa1024, CertifiedKeyType::rsa2048,
                                         CertifiedKeyType::dsa1024, CertifiedKeyType::dsa2048),
                         [](const auto& i) {
                           const std::string name(to_string(i.param));
                           return name.substr(0, 3) + name.substr(4, 4);
                         });

TEST(CertifiedKey, SignsTheSameBytesTheSameWay) {
  const CertifiedKey key = key_of(CertifiedKeyType::rsa1024);
  const auto signature = key.sign("document");
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->size(), 128u);
  EXPECT_EQ(key.sign("document").value(), *signature);
  EXPECT_NE(key.sign("document ").value(), *signature);
}

TEST(CertifiedKey, SignsBarelyWithRsaAlone) {
  const auto refused = key_of(CertifiedKeyType::dsa1024).sign("document");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::internal);
}

TEST(CertifiedKey, ReadsSeveralInTurn) {
  const CertifiedKey one = key_of(CertifiedKeyType::rsa1024),
                     two = key_of(CertifiedKeyType::dsa2048);
  const Secret first = one.to_pem(), second = two.to_pem();
  const auto keys =
      CertifiedKey::read_pem(std::string(first.reveal()) + std::string(second.reveal()));
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ((*keys)[0].certificate_pem(), one.certificate_pem());
  EXPECT_EQ((*keys)[1].certificate_pem(), two.certificate_pem());
}

TEST(CertifiedKey, ReadsNothingFromNothing) {
  EXPECT_TRUE(CertifiedKey::read_pem("").value().empty());
  EXPECT_TRUE(CertifiedKey::read_pem("no PEM").value().empty());
}

}  // namespace
}  // namespace imdsd::base
