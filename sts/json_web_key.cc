// SPDX-License-Identifier: MIT
#include "sts/json_web_key.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "base/utf8_prefix.h"
#include "iam/json_document.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using iam::JsonNode;

/// The text of a member; nothing when it is not there.
Result<std::optional<std::string>> text_of(const JsonNode& key, std::string_view name) {
  const JsonNode* const member = key.find(name);
  if (member == nullptr) return std::optional<std::string>();
  if (member->kind != JsonNode::Kind::string) {
    return fail(Errc::invalid_argument, "`" + std::string(name) + "` is no text");
  }
  return std::optional<std::string>(member->text);
}

Result<std::string> bytes_of(const JsonNode& key, std::string_view name) {
  IMDSD_TRY(const auto text, text_of(key, name));
  if (!text) return fail(Errc::invalid_argument, "has no `" + std::string(name) + "`");
  auto bytes = base::base64url_decode_unpadded(*text);
  if (!bytes) return base::fail_in("`" + std::string(name) + "`", std::move(bytes).error());
  return bytes;
}

/// RFC 7517 sections 4.2 and 4.3.
Result<void> check_use(const JsonNode& key) {
  IMDSD_TRY(const auto use, text_of(key, "use"));
  if (use && *use != "sig") return fail(Errc::invalid_argument, "is for `" + *use + "`");
  const JsonNode* const operations = key.find("key_ops");
  if (operations == nullptr) return {};
  const bool verifies = std::any_of(
      operations->items.begin(), operations->items.end(), [](const JsonNode& operation) {
        return operation.kind == JsonNode::Kind::string && operation.text == "verify";
      });
  if (!verifies) return fail(Errc::invalid_argument, "is not for `verify`");
  return {};
}

Result<base::PublicKey> rsa_key(const JsonNode& key) {
  IMDSD_TRY(const std::string modulus, bytes_of(key, "n"));
  IMDSD_TRY(const std::string exponent, bytes_of(key, "e"));
  return base::PublicKey::rsa(modulus, exponent);
}

Result<base::PublicKey> elliptic_key(const JsonNode& key) {
  IMDSD_TRY(const auto name, text_of(key, "crv"));
  std::optional<base::EllipticCurve> curve;
  if (name == "P-256") curve = base::EllipticCurve::p256;
  if (name == "P-384") curve = base::EllipticCurve::p384;
  if (name == "P-521") curve = base::EllipticCurve::p521;
  if (!curve) return fail(Errc::invalid_argument, "curve `" + name.value_or("") + "`");
  IMDSD_TRY(const std::string x, bytes_of(key, "x"));
  IMDSD_TRY(const std::string y, bytes_of(key, "y"));
  return base::PublicKey::elliptic(*curve, x, y);
}

Result<JsonWebKey> read_key(const JsonNode& node) {
  if (node.kind != JsonNode::Kind::object) return fail(Errc::invalid_argument, "is no object");
  IMDSD_TRY(auto id, text_of(node, "kid"));
  IMDSD_TRY(const auto type, text_of(node, "kty"));
  IMDSD_TRY(const auto algorithm, text_of(node, "alg"));
  IMDSD_TRY_VOID(check_use(node));
  if (type != "RSA" && type != "EC") {
    return fail(Errc::invalid_argument, "type `" + type.value_or("") + "`");
  }
  IMDSD_TRY(base::PublicKey key, type == "RSA" ? rsa_key(node) : elliptic_key(node));
  JsonWebKey out{std::move(id).value_or(""), std::nullopt, std::move(key)};
  if (algorithm) {
    out.algorithm = base::find_signature_algorithm(*algorithm);
    if (!out.algorithm || !out.key.fits(*out.algorithm)) {
      return fail(Errc::invalid_argument, "algorithm `" + *algorithm + "`");
    }
  }
  return out;
}

/// How a message names a key.
std::string label_of(const JsonNode& node, std::size_t index) {
  constexpr std::size_t kShown = 64;
  const JsonNode* const id = node.find("kid");
  const bool has_id = id != nullptr && id->kind == JsonNode::Kind::string;
  if (!has_id) return "key " + std::to_string(index);
  return "key `" + std::string(base::utf8_prefix(id->text, kShown)) + "`";
}

}  // namespace

Result<JsonWebKeySet> JsonWebKeySet::parse(std::string_view json) {
  const auto document = iam::parse_json(json);
  if (!document) {
    return fail(Errc::invalid_argument, "the key set is not JSON: " + document.error().message);
  }
  const JsonNode* const list = document->find("keys");
  if (list == nullptr || list->kind != JsonNode::Kind::array) {
    return fail(Errc::invalid_argument, "the key set has no list `keys`");
  }
  if (list->items.size() > kMaxKeys) {
    return fail(Errc::invalid_argument, "the key set has " + std::to_string(list->items.size()) +
                                            " keys, over " + std::to_string(kMaxKeys));
  }
  JsonWebKeySet set;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    auto key = read_key(list->items[i]);
    if (key) {
      set.keys.push_back(*std::move(key));
    } else {
      set.ignored.push_back(label_of(list->items[i], i) + ": " + key.error().message);
    }
  }
  return set;
}

bool JsonWebKeySet::has(std::string_view id) const {
  return std::any_of(keys.begin(), keys.end(), [&](const JsonWebKey& key) { return key.id == id; });
}

bool JsonWebKeySet::verifies(std::string_view id, base::SignatureAlgorithm algorithm,
                             std::string_view data, std::string_view signature) const {
  std::vector<const JsonWebKey*> candidates;
  for (const JsonWebKey& key : keys) {
    const bool meant = id.empty() || key.id == id;
    if (meant && key.key.fits(algorithm) && key.algorithm.value_or(algorithm) == algorithm) {
      candidates.push_back(&key);
    }
  }
  if (id.empty() && candidates.size() > 1) return false;
  return std::any_of(candidates.begin(), candidates.end(), [&](const JsonWebKey* key) {
    return key->key.verifies(algorithm, data, signature);
  });
}

}  // namespace imdsd::sts
