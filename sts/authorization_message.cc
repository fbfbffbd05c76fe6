// SPDX-License-Identifier: MIT
#include "sts/authorization_message.h"

#include <nlohmann/json.hpp>

#include "base/aead.h"
#include "base/codec.h"
#include "base/deflate.h"
#include "base/digest.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr std::size_t kKeyIdBytes = 4;
// Of what opens under our own key: far above what can have been sealed, so that nothing large is
// inflated if a key ever leaks.
constexpr std::size_t kMaxJsonBytes = 1024 * 1024;

/// A key for messages alone: a session token is no message, nor the other way round.
base::Secret message_key(const KeyRing::Key& key) {
  return base::Secret(base::hmac_sha256(key.key.reveal(), "authorization message 1"));
}

/// Authenticated, and not carried but for the key's id.
std::string associated(std::string_view key_id, std::string_view account) {
  return std::string(key_id) + std::string(account);
}

/// Without padding, as AWS's messages are.
std::string encode(std::string_view bytes) {
  std::string text = base::base64url_encode(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

Result<std::string> decode(std::string_view text) {
  if (text.ends_with('=')) return fail(Errc::corrupt, "message is padded");
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  return base::base64url_decode(padded);
}

std::string seal(std::string_view json, std::string_view account, const KeyRing::Key& key,
                 base::Random& random) {
  const base::Secret secret = message_key(key);
  return encode(key.id + base::aead_seal(secret.reveal(), base::deflate(json),
                                         associated(key.id, account), random));
}

}  // namespace

std::string seal_authorization_message(std::string_view json, std::string_view account,
                                       const KeyRing& key_ring, base::Random& random) {
  const KeyRing::Key& key = key_ring.newest();
  std::string message = seal(json, account, key, random);
  if (message.size() <= kMaxEncodedMessage) return message;
  // INVARIANT: our own text parses, and has both lists.
  auto shorter = nlohmann::ordered_json::parse(json, nullptr, /*allow_exceptions=*/false);
  for (const char* list : {"/matchedStatements/items", "/context/conditions/items"}) {
    shorter[nlohmann::ordered_json::json_pointer(list)] = nlohmann::ordered_json::array();
    message = seal(shorter.dump(), account, key, random);
    if (message.size() <= kMaxEncodedMessage) break;
  }
  return message;
}

Result<std::string> open_authorization_message(std::string_view message, std::string_view account,
                                               const KeyRing& key_ring) {
  if (message.size() > kMaxEncodedMessage) return fail(Errc::corrupt, "message is too long");
  IMDSD_TRY(const std::string bytes, decode(message));
  const std::string_view key_id = std::string_view(bytes).substr(0, kKeyIdBytes);
  const KeyRing::Key* key = key_ring.find(key_id);
  if (key == nullptr) return fail(Errc::corrupt, "message is sealed under an unknown key");
  const base::Secret secret = message_key(*key);
  IMDSD_TRY(const std::string deflated,
            base::aead_open(secret.reveal(), std::string_view(bytes).substr(kKeyIdBytes),
                            associated(key_id, account)));
  return base::inflate(deflated, kMaxJsonBytes);
}

}  // namespace imdsd::sts
