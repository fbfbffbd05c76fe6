// SPDX-License-Identifier: MIT
#include "sts/signing_keys.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "base/digest.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using base::SignatureAlgorithm;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr SignatureAlgorithm kAlgorithms[] = {SignatureAlgorithm::rs256, SignatureAlgorithm::es384};

std::string_view name_of(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::rs256 ? "RS256" : "ES384";
}

/// Members in the order of their names, which the thumbprint is made of (RFC 7638 section 3.2).
Json required_members(const base::SigningKey& key) {
  Json json;
  const auto numbers = key.public_numbers();
  const auto add = [&](std::size_t i) {
    json[std::string(numbers[i].first)] = base::base64url_encode_unpadded(numbers[i].second);
  };
  if (key.algorithm() == SignatureAlgorithm::rs256) {
    add(0);  // e
    json["kty"] = "RSA";
    add(1);  // n
  } else {
    json["crv"] = "P-384";
    json["kty"] = "EC";
    add(0);  // x
    add(1);  // y
  }
  return json;
}

SigningKeys::Key with_id(base::SigningKey key, base::SystemTime created) {
  std::string id = base::base64url_encode_unpadded(base::sha256(required_members(key).dump()));
  return {std::move(id), std::move(key), created};
}

/// The object has these members and no others: an unknown one was written by a later version.
bool has_exactly(const Json& object, std::initializer_list<const char*> names) {
  return object.is_object() && object.size() == names.size() &&
         std::all_of(names.begin(), names.end(),
                     [&](const char* name) { return object.contains(name); });
}

Result<SigningKeys::Key> key_from_json(const Json& item) {
  if (!has_exactly(item, {"algorithm", "key", "created"}) || !item["algorithm"].is_string() ||
      !item["key"].is_string() || !item["created"].is_number_unsigned()) {
    return fail(Errc::corrupt, "a key needs algorithm, key and created, and nothing else");
  }
  const auto algorithm =
      base::find_signature_algorithm(item["algorithm"].get_ref<const std::string&>());
  constexpr std::uint64_t kLatest = std::uint64_t{1} << 40;
  const auto created = item["created"].get<std::uint64_t>();
  if (!algorithm || created > kLatest) {
    return fail(Errc::corrupt, "algorithm or created out of range");
  }
  IMDSD_TRY(auto key, base::SigningKey::from_pem(
                          *algorithm, base::Secret(item["key"].get_ref<const std::string&>())));
  return with_id(std::move(key), base::SystemTime(std::chrono::seconds(created)));
}

}  // namespace

Result<SigningKeys> SigningKeys::from_json(std::string_view text) {
  const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!has_exactly(json, {"format", "keys"}) || json["format"] != kFormat ||
      !json["keys"].is_array()) {
    return fail(Errc::corrupt, "not signing keys of format " + std::to_string(kFormat));
  }
  SigningKeys keys;
  for (const auto& item : json["keys"]) {
    IMDSD_TRY(Key key, key_from_json(item));
    if (!keys.keys_.empty() && keys.keys_.back().created > key.created) {
      return fail(Errc::corrupt, "signing keys are not in order of their age");
    }
    keys.keys_.push_back(std::move(key));
  }
  IMDSD_TRY_VOID(keys.read_public_keys());
  return keys;
}

base::Secret SigningKeys::to_json() const {
  Json keys = Json::array();
  for (const Key& key : keys_) {
    const auto created = std::chrono::floor<std::chrono::seconds>(key.created).time_since_epoch();
    keys.push_back({{"algorithm", name_of(key.key.algorithm())},
                    {"key", key.key.to_pem().reveal()},
                    {"created", static_cast<std::uint64_t>(created.count())}});
  }
  return base::Secret(Json{{"format", kFormat}, {"keys", std::move(keys)}}.dump(2) + "\n");
}

bool SigningKeys::wants(SignatureAlgorithm algorithm, base::SystemTime now) const {
  return std::none_of(keys_.begin(), keys_.end(), [&](const Key& key) {
    return key.key.algorithm() == algorithm && now < key.created + kPeriod;
  });
}

/// A key with a successor is needed for what it has signed before that one began to.
bool SigningKeys::needs(const Key& key, base::SystemTime now) const {
  return std::none_of(keys_.begin(), keys_.end(), [&](const Key& other) {
    return other.key.algorithm() == key.key.algorithm() && other.created > key.created &&
           now >= other.created + kLead + kOverlap;
  });
}

bool SigningKeys::due(base::SystemTime now) const {
  return std::any_of(std::begin(kAlgorithms), std::end(kAlgorithms),
                     [&](auto algorithm) { return wants(algorithm, now); }) ||
         std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) { return !needs(key, now); });
}

Result<SigningKeys> SigningKeys::rotated(base::SystemTime now) const {
  SigningKeys next;
  std::copy_if(keys_.begin(), keys_.end(), std::back_inserter(next.keys_),
               [&](const Key& key) { return needs(key, now); });
  auto created = std::chrono::floor<std::chrono::seconds>(now);
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    if (!wants(algorithm, now)) continue;
    IMDSD_TRY(auto key, base::SigningKey::generate(algorithm));
    next.keys_.push_back(with_id(std::move(key), created));
  }
  IMDSD_TRY_VOID(next.read_public_keys());
  return next;
}

Result<void> SigningKeys::read_public_keys() {
  IMDSD_TRY(auto set, JsonWebKeySet::parse(key_set_json(*this)));
  public_keys_ = std::make_shared<const JsonWebKeySet>(std::move(set));
  return {};
}

const SigningKeys::Key* SigningKeys::signer(SignatureAlgorithm algorithm,
                                            base::SystemTime now) const {
  const Key* chosen = nullptr;
  for (const Key& key : keys_) {
    if (key.key.algorithm() != algorithm) continue;
    if (chosen == nullptr || key.created + kLead <= now) chosen = &key;
  }
  return chosen;
}

std::string key_set_json(const SigningKeys& keys) {
  Json list = Json::array();
  for (const SigningKeys::Key& key : keys.all()) {
    Json json = required_members(key.key);
    json["kid"] = key.id;
    json["alg"] = name_of(key.key.algorithm());
    json["use"] = "sig";
    list.push_back(std::move(json));
  }
  return Json{{"keys", std::move(list)}}.dump() + "\n";
}

std::string sign_token(const SigningKeys::Key& key, std::string_view claims) {
  const Json header = {{"alg", name_of(key.key.algorithm())}, {"kid", key.id}, {"typ", "JWT"}};
  std::string token = base::base64url_encode_unpadded(header.dump()) + "." +
                      base::base64url_encode_unpadded(claims);
  const std::string signature = key.key.sign(token);
  return token + "." + base::base64url_encode_unpadded(signature);
}

}  // namespace imdsd::sts
