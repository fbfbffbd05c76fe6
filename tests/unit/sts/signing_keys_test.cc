// SPDX-License-Identifier: MIT
#include "sts/signing_keys.h"

#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::sts {
namespace {

using base::SignatureAlgorithm;
using std::chrono::hours;

constexpr base::SystemTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr auto kRsa = SignatureAlgorithm::rs256;

/// Made once: an RSA key takes its time.
const SigningKeys& first() {
  static const SigningKeys keys = SigningKeys().rotated(kNow).value();
  return keys;
}

std::set<std::string> ids(const SigningKeys& keys) {
  std::set<std::string> out;
  for (const auto& key : keys.all()) out.insert(key.id);
  return out;
}

TEST(SigningKeys, AreMadeForBothAlgorithms) {
  EXPECT_TRUE(SigningKeys().due(kNow));
  EXPECT_EQ(SigningKeys().signer(kRsa, kNow), nullptr);
  EXPECT_EQ(ids(first()).size(), 2u);
  EXPECT_FALSE(first().due(kNow));
  ASSERT_NE(first().signer(kRsa, kNow), nullptr) << "the first one signs at once";
  EXPECT_EQ(first().signer(SignatureAlgorithm::es384, kNow)->key.algorithm(),
            SignatureAlgorithm::es384);
}

TEST(SigningKeys, AreReplacedWithOverlap) {
  const auto due = kNow + SigningKeys::kPeriod;
  EXPECT_FALSE(first().due(due - hours(1)));
  ASSERT_TRUE(first().due(due));
  const SigningKeys both = first().rotated(due).value();
  EXPECT_EQ(ids(both).size(), 4u) << "old and new are published";
  EXPECT_FALSE(both.due(due));
  const std::string old_id = first().signer(kRsa, kNow)->id;
  EXPECT_EQ(both.signer(kRsa, due)->id, old_id) << "who verifies does not have the new one yet";
  EXPECT_EQ(both.signer(kRsa, due + SigningKeys::kLead - hours(1))->id, old_id);
  const auto signs = due + SigningKeys::kLead;
  EXPECT_NE(both.signer(kRsa, signs)->id, old_id);
  EXPECT_FALSE(both.due(signs + SigningKeys::kOverlap - hours(1)))
      << "what the old one signed is still valid";
  const auto over = signs + SigningKeys::kOverlap;
  ASSERT_TRUE(both.due(over));
  const SigningKeys rest = both.rotated(over).value();
  EXPECT_EQ(ids(rest).size(), 2u);
  EXPECT_EQ(ids(rest).count(old_id), 0u);
  EXPECT_EQ(rest.signer(kRsa, over)->id, both.signer(kRsa, over)->id);
}

TEST(SigningKeys, SurviveALongSleep) {
  const auto late = kNow + 3 * SigningKeys::kPeriod;
  const SigningKeys woken = first().rotated(late).value();
  EXPECT_EQ(ids(woken).size(), 4u) << "the old ones sign until the new ones are known";
  EXPECT_EQ(woken.signer(kRsa, late)->id, first().signer(kRsa, kNow)->id);
}

TEST(SigningKeys, ReadBack) {
  const base::Secret text = first().to_json();
  const SigningKeys again = SigningKeys::from_json(text.reveal()).value();
  EXPECT_EQ(ids(again), ids(first()));
  EXPECT_EQ(again.all()[0].created, first().all()[0].created);
}

TEST(SigningKeys, WhatToJsonDidNotWriteIsCorrupt) {
  const std::string whole(first().to_json().reveal());
  for (std::size_t size = 0; size + 3 < whole.size(); ++size) {
    EXPECT_FALSE(SigningKeys::from_json(whole.substr(0, size))) << size;
  }
  for (const char* text :
       {"[]", R"({"format":2,"keys":[]})", R"({"format":1,"keys":[{}]})",
        R"({"format":1,"keys":[],"more":1})",
        R"({"format":1,"keys":[{"algorithm":"HS256","key":"k","created":1}]})"}) {
    EXPECT_FALSE(SigningKeys::from_json(text)) << text;
  }
}

TEST(SigningKeys, HaveTheirPublicHalvesAtHand) {
  EXPECT_TRUE(SigningKeys().public_keys()->keys.empty());
  const SigningKeys both = first().rotated(kNow + SigningKeys::kPeriod).value();
  const SigningKeys read = SigningKeys::from_json(both.to_json().reveal()).value();
  for (const SigningKeys& keys : {first(), both, read}) {
    EXPECT_EQ(keys.public_keys()->keys.size(), keys.all().size());
    for (const auto& key : keys.all()) {
      EXPECT_TRUE(
          keys.public_keys()->verifies(key.id, key.key.algorithm(), "text", key.key.sign("text")));
    }
  }
  EXPECT_EQ(SigningKeys(both).public_keys(), both.public_keys()) << "not read again";
}

TEST(KeySet, HasThePublicHalvesUnderTheirThumbprints) {
  const auto set = nlohmann::json::parse(key_set_json(first()));
  ASSERT_EQ(set["keys"].size(), 2u);
  for (const auto& key : set["keys"]) {
    EXPECT_EQ(key["use"], "sig");
    EXPECT_FALSE(key.contains("d"));
    const bool rsa = key["kty"] == "RSA";
    EXPECT_EQ(key["alg"], rsa ? "RS256" : "ES384");
    // RFC 7638 section 3: the required members alone, by name, without spaces.
    const nlohmann::json members =
        rsa ? nlohmann::json{{"e", key["e"]}, {"kty", "RSA"}, {"n", key["n"]}}
            : nlohmann::json{{"crv", "P-384"}, {"kty", "EC"}, {"x", key["x"]}, {"y", key["y"]}};
    EXPECT_EQ(key["kid"], base::base64url_encode_unpadded(base::sha256(members.dump())));
  }
}

TEST(SignToken, NamesItsKey) {
  const auto* key = first().signer(kRsa, kNow);
  const std::string token = sign_token(*key, R"({"sub":"x"})");
  const auto dot = token.find('.'), last = token.rfind('.');
  const auto header =
      nlohmann::json::parse(base::base64url_decode_unpadded(token.substr(0, dot)).value());
  EXPECT_EQ(header, (nlohmann::json{{"alg", "RS256"}, {"kid", key->id}, {"typ", "JWT"}}));
  EXPECT_EQ(base::base64url_decode_unpadded(token.substr(dot + 1, last - dot - 1)).value(),
            R"({"sub":"x"})");
  const auto numbers = key->key.public_numbers();
  const auto half = base::PublicKey::rsa(numbers[1].second, numbers[0].second).value();
  EXPECT_TRUE(half.verifies(kRsa, token.substr(0, last),
                            base::base64url_decode_unpadded(token.substr(last + 1)).value()));
}

}  // namespace
}  // namespace imdsd::sts
