// SPDX-License-Identifier: MIT
#include "imds/identity_signer.h"

#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "imds/identity_document.h"
#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

constexpr base::SystemTime kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);

class IdentitySignerTest : public testing::Test {
 protected:
  std::optional<MetadataValue> read(const std::string& name) {
    const InstanceSnapshot snapshot;
    return tree_->read("dynamic/instance-identity" + (name.empty() ? "" : "/" + name),
                       {snapshot, Delivery::imdsv2, kNow});
  }
  std::string body(const std::string& name) {
    const auto value = read(name);
    if (!value) return "(absent)";
    return value->unavailable ? "(unavailable)" : value->body;
  }
  void make_keys() const { ASSERT_TRUE(signer_->keys()); }
  static std::string without_line_ends(std::string text) {
    std::erase(text, '\n');
    return text;
  }

  int obtained_ = 0;
  bool refuse_ = false;
  std::shared_ptr<const IdentitySigner> signer_ =
      std::make_shared<const IdentitySigner>([this]() -> base::Result<IdentityKeys> {
        if (refuse_) return base::fail(base::Errc::internal, "no");
        ++obtained_;
        return generate_identity_keys("us-east-1", kNow);
      });
  std::shared_ptr<const MetadataTree> tree_ = build_metadata_tree(sample(), kNow, signer_).value();
};

TEST_F(IdentitySignerTest, ListsSignaturesBesideTheDocument) {
  EXPECT_EQ(body(""), "document\ndsa2048\npkcs7\nrsa2048\nsignature");
  EXPECT_EQ(obtained_, 0);  // a listing needs no key
}

TEST_F(IdentitySignerTest, NeverMakesKeysForAReader) {
  EXPECT_EQ(body("signature"), "(unavailable)");
  EXPECT_EQ(obtained_, 0);
  make_keys();
  EXPECT_TRUE(base::base64_decode(without_line_ends(body("signature"))));
}

TEST_F(IdentitySignerTest, ReadersDoNotWaitForWhoMakesTheKeys) {
  std::optional<base::Result<std::string>> meanwhile;
  std::shared_ptr<const IdentitySigner> signer;
  signer = std::make_shared<const IdentitySigner>([&]() -> base::Result<IdentityKeys> {
    std::jthread reader([&] { meanwhile = signer->sign(0, "document", kNow); });
    reader.join();
    return generate_identity_keys("us-east-1", kNow);
  });
  ASSERT_TRUE(signer->keys());
  ASSERT_TRUE(meanwhile && !*meanwhile);
  EXPECT_EQ(meanwhile->error().code, base::Errc::unavailable);
  EXPECT_TRUE(signer->sign(0, "document", kNow));
}

TEST_F(IdentitySignerTest, SignsOnce) {
  make_keys();
  const std::string first = body("pkcs7");
  EXPECT_EQ(body("pkcs7"), first);  // DSA would sign differently each time
  EXPECT_NE(body("dsa2048"), first);
  EXPECT_EQ(obtained_, 1);
}

TEST_F(IdentitySignerTest, WritesLinesOfSeventySixCharacters) {
  make_keys();
  for (const auto& type : kIdentitySignatures) {
    const std::string text = body(std::string(type.name));
    EXPECT_FALSE(text.ends_with('\n')) << type.name;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         end = text.find('\n', begin)) {
      EXPECT_EQ(end - begin, 76u) << type.name;
      begin = end + 1;
    }
    EXPECT_LE(text.size() - begin, 76u) << type.name;
    EXPECT_TRUE(base::base64_decode(without_line_ends(text))) << type.name;
  }
}

TEST_F(IdentitySignerTest, HasTheShapesOfEc2) {
  make_keys();
  const std::string signature = body("signature");
  EXPECT_EQ(without_line_ends(signature).size(), 172u);  // RSA-1024
  EXPECT_EQ(signature.size(), 174u);                     // three lines
  for (const char* name : {"pkcs7", "rsa2048", "dsa2048"}) {
    EXPECT_TRUE(body(name).starts_with("MIAGCSqGSIb3DQEHAqCAMIAC")) << name;
    const auto message = base::base64_decode(without_line_ends(body(name)));
    EXPECT_TRUE(message && message->ends_with(std::string(6, '\0'))) << body(name);
  }
}

TEST_F(IdentitySignerTest, SignsExactlyTheDocument) {
  make_keys();
  const std::string document = body("document");
  for (const char* name : {"pkcs7", "rsa2048", "dsa2048"}) {
    const auto message = base::base64_decode(without_line_ends(body(name)));
    ASSERT_TRUE(message);
    EXPECT_NE(message->find(document), std::string::npos) << name;
  }
}

TEST_F(IdentitySignerTest, TriesAgainAfterAFailure) {
  refuse_ = true;
  EXPECT_FALSE(signer_->keys());
  EXPECT_EQ(body("signature"), "(unavailable)");
  refuse_ = false;
  EXPECT_TRUE(signer_->keys());
  EXPECT_NE(body("signature"), "(unavailable)");
}

TEST(IdentityKeys, ReadBackWhatTheyWrite) {
  const auto keys = generate_identity_keys("us-east-1", kNow);
  ASSERT_TRUE(keys);
  const base::Secret pem = identity_keys_pem(*keys);
  const auto again = read_identity_keys(pem.reveal());
  ASSERT_TRUE(again) << again.error().message;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    EXPECT_EQ((*again)[i].type(), kIdentitySignatures[i].key);
    EXPECT_EQ((*again)[i].certificate_pem(), (*keys)[i].certificate_pem());
  }
}

TEST(IdentityKeys, AreRefusedWhenOneIsMissing) {
  const auto keys = generate_identity_keys("us-east-1", kNow);
  ASSERT_TRUE(keys);
  std::string three;
  for (std::size_t i = 0; i < 3; ++i) three += (*keys)[i].to_pem().reveal();
  std::string swapped(((*keys)[1].to_pem().reveal()));
  swapped += (*keys)[0].to_pem().reveal();
  swapped += (*keys)[2].to_pem().reveal();
  swapped += (*keys)[3].to_pem().reveal();
  for (const std::string& pem : {std::string(), three, swapped}) {
    const auto read = read_identity_keys(pem);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, base::Errc::corrupt);
  }
}

}  // namespace
}  // namespace imdsd::imds
