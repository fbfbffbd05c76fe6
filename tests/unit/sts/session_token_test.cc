// SPDX-License-Identifier: MIT
#include "sts/session_token.h"

#include <memory>
#include <span>
#include <string>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "iam/policy_document.h"
#include "sts/session_claims_codec.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::sts {
namespace {

using base::Errc;

constexpr base::SystemTime kNow = fakes::ManualClock::kStart;

SessionClaims plain_claims() {
  SessionClaims claims;
  claims.access_key_id = "ASIAQABCDEFGHIJKLMNO";
  claims.secret_access_key = base::Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  claims.account = "123456789012";
  claims.entity_id = "AROAQABCDEFGHIJKLMNOP";
  claims.session_name = "i-0a1b2c3d4e5f60718";
  claims.session.issued = kNow;
  claims.session.expiration = kNow + std::chrono::hours(6);
  return claims;
}

iam::NamedPolicy session_policy(const std::string& text) {
  return {iam::kSessionPolicyName, "",
          std::make_shared<const iam::PolicyDocument>(
              iam::parse_policy(text, iam::PolicyKind::session).value().document)};
}

const std::string kPolicy =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";

SessionClaims full_claims() {
  SessionClaims claims = plain_claims();
  claims.principal_type = iam::PrincipalType::federated_user;
  claims.session.source_identity = "alice@example.test";
  claims.session.role_delivery = iam::RoleDelivery::imdsv1;
  claims.session.source_instance_arn =
      "arn:aws:ec2:us-east-1:123456789012:instance/i-0a1b2c3d4e5f60718";
  claims.session.from_service = true;
  claims.session.mfa_time = kNow - std::chrono::minutes(3);
  claims.session.tags = {{"Project", "apollo"}, {"empty", ""}};
  claims.session.transitive_tag_keys = {"Project"};
  claims.session.policies = {session_policy(kPolicy)};
  claims.session.policy_arns = {"arn:aws:iam::aws:policy/ReadOnlyAccess",
                                "arn:aws:iam::123456789012:policy/p"};
  claims.session.provider_keys = {{"aws:FederatedProvider", {"arn:aws:iam::1:saml-provider/p"}},
                                  {"idp.test:amr", {"a", "b"}}};
  claims.session.assumed_root = true;
  return claims;
}

void expect_equal(const SessionClaims& a, const SessionClaims& b) {
  EXPECT_EQ(a.access_key_id, b.access_key_id);
  EXPECT_EQ(a.secret_access_key.reveal(), b.secret_access_key.reveal());
  EXPECT_EQ(a.principal_type, b.principal_type);
  EXPECT_EQ(a.account, b.account);
  EXPECT_EQ(a.entity_id, b.entity_id);
  EXPECT_EQ(a.session_name, b.session_name);
  EXPECT_EQ(a.session.issued, b.session.issued);
  EXPECT_EQ(a.session.expiration, b.session.expiration);
  EXPECT_EQ(a.session.source_identity, b.session.source_identity);
  EXPECT_EQ(a.session.role_delivery, b.session.role_delivery);
  EXPECT_EQ(a.session.source_instance_arn, b.session.source_instance_arn);
  EXPECT_EQ(a.session.from_service, b.session.from_service);
  EXPECT_EQ(a.session.mfa_time, b.session.mfa_time);
  EXPECT_EQ(a.session.tags, b.session.tags);
  EXPECT_EQ(a.session.transitive_tag_keys, b.session.transitive_tag_keys);
  EXPECT_EQ(a.session.policy_arns, b.session.policy_arns);
  EXPECT_EQ(a.session.provider_keys, b.session.provider_keys);
  EXPECT_EQ(a.session.assumed_root, b.session.assumed_root);
  ASSERT_EQ(a.session.policies.size(), b.session.policies.size());
  for (std::size_t i = 0; i < a.session.policies.size(); ++i) {
    EXPECT_EQ(a.session.policies[i].name, b.session.policies[i].name);
    EXPECT_EQ(a.session.policies[i].arn, b.session.policies[i].arn);
    EXPECT_EQ(a.session.policies[i].document->text, b.session.policies[i].document->text);
  }
}

class SessionToken : public testing::Test {
 protected:
  std::string seal(const SessionClaims& claims) {
    return std::string(seal_session_token(claims, ring_, random_).value().reveal());
  }

  fakes::ScriptedRandom random_{3};
  KeyRing ring_ = KeyRing::generate(random_, kNow);
};

TEST_F(SessionToken, OpensToWhatWasSealed) {
  for (const auto& claims : {plain_claims(), full_claims()}) {
    const auto opened = open_session_token(seal(claims), ring_);
    ASSERT_TRUE(opened) << opened.error().message;
    expect_equal(*opened, claims);
  }
}

TEST_F(SessionToken, LooksLikeAwsOnes) {
  const std::string token = seal(plain_claims());
  EXPECT_TRUE(token.starts_with("IQoJb3JpZ2luX2Vj")) << token;
  EXPECT_GE(token.size(), 100U);
  EXPECT_LE(token.size(), 400U);
}

TEST_F(SessionToken, ShowsNothingOfItsClaims) {
  const std::string bytes = base::base64_decode(seal(full_claims())).value();
  for (const char* hidden : {"ASIAQ", "wJalr", "123456789012", "AROA", "apollo", "alice"}) {
    EXPECT_EQ(bytes.find(hidden), std::string::npos) << hidden;
  }
}

TEST_F(SessionToken, TwoTokensOfOneClaimDiffer) {
  EXPECT_NE(seal(plain_claims()), seal(plain_claims()));
}

TEST_F(SessionToken, OpensInAnotherProcessWithTheSameRing) {
  const std::string token = seal(plain_claims());
  const KeyRing restarted = KeyRing::from_json(ring_.to_json().reveal()).value();
  EXPECT_TRUE(open_session_token(token, restarted));
}

TEST_F(SessionToken, OutlivesARotationOfTheRing) {
  const std::string token = seal(plain_claims());
  ASSERT_TRUE(ring_.rotate(random_, kNow + KeyRing::kRotateAfter));
  EXPECT_TRUE(open_session_token(token, ring_));
  EXPECT_TRUE(open_session_token(seal(plain_claims()), ring_));
  ASSERT_TRUE(ring_.rotate(
      random_, kNow + KeyRing::kRotateAfter + KeyRing::kLongestSession + std::chrono::seconds(1)));
  EXPECT_FALSE(open_session_token(token, ring_));
}

TEST_F(SessionToken, OfAnotherRingIsRefused) {
  const KeyRing other = KeyRing::generate(random_, kNow);
  EXPECT_EQ(open_session_token(seal(plain_claims()), other).error().code, Errc::corrupt);
}

TEST_F(SessionToken, EveryTruncationIsRefused) {
  const std::string token = seal(full_claims());
  for (std::size_t length = 0; length < token.size(); ++length) {
    EXPECT_FALSE(open_session_token(token.substr(0, length), ring_)) << length;
  }
}

TEST_F(SessionToken, EveryFlippedByteIsRefused) {
  const std::string bytes = base::base64_decode(seal(plain_claims())).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const unsigned bit : {0x01U, 0x80U}) {
      std::string forged = bytes;
      forged[i] = static_cast<char>(static_cast<unsigned char>(forged[i]) ^ bit);
      EXPECT_FALSE(open_session_token(base::base64_encode(forged), ring_)) << i;
    }
  }
}

TEST_F(SessionToken, TextThatIsNoTokenIsRefused) {
  const std::string token = seal(plain_claims());
  const std::string long_text(kMaxSessionTokenBytes + 4, 'A');
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("IQoJb3JpZ2luX2Vj"), token + "AAAA",
        token + "\n", " " + token, long_text, std::string("FwoGZXIvYXdzEAAaDH")}) {
    const auto opened = open_session_token(text, ring_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
  }
}

TEST_F(SessionToken, OverTheBudgetIsTooLarge) {
  SessionClaims claims = plain_claims();
  std::size_t longest = 0;
  for (int i = 0; i < 200; ++i) {
    std::string noise(24, '\0');
    random_.fill(std::as_writable_bytes(std::span(noise)));
    claims.session.tags["tag" + std::to_string(i)] = base::hex_encode(noise);
    const auto sealed = seal_session_token(claims, ring_, random_);
    if (!sealed) {
      EXPECT_EQ(sealed.error().code, Errc::too_large);
      EXPECT_GT(longest, kMaxSessionTokenBytes - 100) << "the budget can be used up";
      return;
    }
    EXPECT_LE(sealed->reveal().size(), kMaxSessionTokenBytes);
    longest = sealed->reveal().size();
    expect_equal(open_session_token(sealed->reveal(), ring_).value(), claims);
  }
  FAIL() << "200 tags of noise fit into a token";
}

TEST_F(SessionToken, PoliciesAreDeflated) {
  SessionClaims claims = plain_claims();
  const std::size_t without = seal(claims).size();
  claims.session.policies = {session_policy(kPolicy), session_policy(kPolicy),
                             session_policy(kPolicy)};
  EXPECT_LT(seal(claims).size() - without, kPolicy.size() * 2);
}

// The percentage says exactly whether the token can be sealed.
TEST_F(SessionToken, PackedPolicySizeIsTheShareOfItsRoom) {
  SessionClaims claims = plain_claims();
  EXPECT_EQ(packed_policy_size(claims), 0U);
  unsigned before = 0;
  for (int i = 0; before <= 100; ++i) {
    std::string noise(8, '\0');
    random_.fill(std::as_writable_bytes(std::span(noise)));
    claims.session.tags["tag" + std::to_string(i)] = base::hex_encode(noise);
    const unsigned size = packed_policy_size(claims);
    EXPECT_GE(size, before);
    EXPECT_EQ(seal_session_token(claims, ring_, random_).has_value(), size <= 100) << size;
    before = size;
  }
  EXPECT_LT(before, 105U);
}

TEST_F(SessionToken, PackedPolicySizeCountsPoliciesAndArnsToo) {
  SessionClaims claims = plain_claims();
  claims.session.source_identity = std::string(200, 'x') + "1234567890";
  claims.session.provider_keys = {{"aws:FederatedProvider", {"accounts.google.com"}}};
  EXPECT_EQ(packed_policy_size(claims), 0U);
  claims.session.policy_arns = {"arn:aws:iam::123456789012:policy/p"};
  const unsigned arn = packed_policy_size(claims);
  EXPECT_GT(arn, 0U);
  claims.session.policies = {session_policy(kPolicy)};
  EXPECT_GT(packed_policy_size(claims), arn);
}

TEST(SessionClaimsCodec, EncodesTheSameClaimsToTheSameBytes) {
  EXPECT_EQ(encode_claims(full_claims()).reveal(), encode_claims(full_claims()).reveal());
}

TEST(SessionClaimsCodec, RefusesTruncationThatCutsAField) {
  // Optional fields at the end may be missing, so only what the shorter text says can be checked
  // there.
  const base::Secret whole = encode_claims(plain_claims());
  for (std::size_t length = 0; length < whole.reveal().size(); ++length) {
    EXPECT_FALSE(decode_claims(whole.reveal().substr(0, length))) << length;
  }
  const base::Secret full = encode_claims(full_claims());
  for (std::size_t length = 0; length < full.reveal().size(); ++length) {
    const auto decoded = decode_claims(full.reveal().substr(0, length));
    if (decoded) {
      EXPECT_EQ(encode_claims(*decoded).reveal(), full.reveal().substr(0, length)) << length;
    }
  }
}

TEST(SessionClaimsCodec, WhatDecodesEncodesBackToTheSameBytes) {
  fakes::ScriptedRandom random{11};
  const base::Secret full = encode_claims(full_claims());
  int decoded_some = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string mutated(full.reveal());
    mutated[random.next_u64() % mutated.size()] = static_cast<char>(random.next_u64());
    const auto decoded = decode_claims(mutated);
    if (!decoded) continue;
    ++decoded_some;
    ASSERT_EQ(encode_claims(*decoded).reveal(), mutated);
  }
  EXPECT_GT(decoded_some, 100);
}

TEST(SessionClaimsCodec, RefusesUnknownAndMisplacedFields) {
  const std::string whole(encode_claims(plain_claims()).reveal());
  EXPECT_FALSE(decode_claims(whole + '\x7F' + '\x00'));              // unknown tag
  EXPECT_FALSE(decode_claims(whole + std::string("\x01\x01x", 3)));  // an earlier tag again
  EXPECT_FALSE(decode_claims(whole + std::string("\x0F\x01x", 3)));  // a tag value without its key
  EXPECT_FALSE(decode_claims(whole + std::string("\x09\x00", 2)));   // empty, never written so
  EXPECT_FALSE(decode_claims(whole + std::string("\x0A\x01\x03", 3)));       // third delivery
  EXPECT_FALSE(decode_claims(whole + std::string("\x09\x81\x00x", 4)));      // overlong length
  EXPECT_FALSE(decode_claims(whole + "\x09\xFF\xFF\xFF\xFF\xFF\xFF\x01x"));  // endless length
}

}  // namespace
}  // namespace imdsd::sts
