// SPDX-License-Identifier: MIT
#include "sts/session_token.h"

#include <utility>

#include "base/aead.h"
#include "base/codec.h"
#include "base/deflate.h"
#include "sts/session_claims_codec.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;

// The bytes that make a token begin with IQoJb3JpZ2luX2Vj, as those of AWS's regional endpoints do,
// and the version of what follows.
constexpr std::string_view kPrefix = "!\n\torigin_ec\x01";
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kHeaderBytes = kPrefix.size() + kKeyIdBytes;
// Policies compress well; what opens under our own key is never larger than a few of them.
constexpr std::size_t kMaxClaimsBytes = 256 * 1024;
constexpr std::size_t kMostStoredBytes = 512;

/// Of a token that seals these claims: four characters for every three bytes or less.
std::size_t token_size(const base::Secret& encoded) {
  const base::Secret deflated(base::deflate(encoded.reveal()));
  return (kHeaderBytes + base::kAeadOverheadBytes + deflated.reveal().size() + 2) / 3 * 4;
}

/// Names, keys and times do not get smaller, and trying cost a seventh of all of AssumeRole: claims
/// are compressed only where they hold policies or tags.
base::Secret pack(const SessionClaims& claims) {
  const base::Secret encoded = encode_claims(claims);
  const auto& session = claims.session;
  const bool has_text = !session.policies.empty() || !session.policy_arns.empty() ||
                        !session.tags.empty() || encoded.reveal().size() > kMostStoredBytes;
  return base::Secret(has_text ? base::deflate(encoded.reveal())
                               : base::deflate_stored(encoded.reveal()));
}

}  // namespace

unsigned packed_policy_size(const SessionClaims& claims) {
  const std::size_t all = token_size(encode_claims(claims));
  const std::size_t rest = token_size(encode_claims(claims, Packed::left_out));
  if (rest >= kMaxSessionTokenBytes) return 101;
  if (all <= rest) return 0;
  const std::size_t room = kMaxSessionTokenBytes - rest;
  return static_cast<unsigned>(((all - rest) * 100 + room - 1) / room);
}

Result<base::Secret> seal_session_token(const SessionClaims& claims, const KeyRing& key_ring,
                                        base::Random& random) {
  const KeyRing::Key& key = key_ring.newest();
  key_ring.count_seals();
  std::string bytes = std::string(kPrefix) + key.id;
  const base::Secret plaintext = pack(claims);
  bytes += base::aead_seal(key.key.reveal(), plaintext.reveal(), bytes, random);
  std::string token = base::base64_encode(bytes);
  if (token.size() > kMaxSessionTokenBytes) {
    return fail(Errc::too_large, "session token of " + std::to_string(token.size()) +
                                     " bytes is over the limit of " +
                                     std::to_string(kMaxSessionTokenBytes));
  }
  return base::Secret(std::move(token));
}

Result<SessionClaims> open_session_token(std::string_view token, const KeyRing& key_ring) {
  if (token.size() > kMaxSessionTokenBytes) return fail(Errc::corrupt, "session token too long");
  const auto decoded = base::base64_decode(token);
  const std::string_view bytes = decoded ? std::string_view(*decoded) : std::string_view();
  if (bytes.size() < kHeaderBytes + base::kAeadOverheadBytes || !bytes.starts_with(kPrefix)) {
    return fail(Errc::corrupt, "not a session token");
  }
  const std::string_view header = bytes.substr(0, kHeaderBytes);
  const KeyRing::Key* key = key_ring.find(header.substr(kPrefix.size()));
  if (key == nullptr) return fail(Errc::corrupt, "session token is sealed under an unknown key");
  const auto sealed = bytes.substr(kHeaderBytes);
  IMDSD_TRY(std::string deflated, base::aead_open(key->key.reveal(), sealed, header));
  const base::Secret compressed(std::move(deflated));
  auto inflated = base::inflate(compressed.reveal(), kMaxClaimsBytes);
  if (!inflated) return fail(Errc::corrupt, "session token: " + inflated.error().message);
  const base::Secret plaintext(*std::move(inflated));
  return decode_claims(plaintext.reveal());
}

}  // namespace imdsd::sts
