// SPDX-License-Identifier: MIT
// Session tokens: self-contained, so that nothing is stored and any process with the key ring can
// verify one. Claims in a compact tagged binary form, deflated, sealed under a key of the ring, in
// base64.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "iam/caller.h"
#include "iam/principal.h"
#include "sts/key_ring.h"

namespace imdsd::sts {

/// The longest token: it travels in a header line, and percent-encoded in presigned URLs.
inline constexpr std::size_t kMaxSessionTokenBytes = 4096;

/// What a session token seals. Times have whole seconds.
struct SessionClaims {
  std::string access_key_id;
  base::Secret secret_access_key;
  iam::PrincipalType principal_type = iam::PrincipalType::assumed_role;
  std::string account;
  // AROA… of the role, AIDA… of the user: one recreated under its name is another one. Of root the
  // account.
  std::string entity_id;
  std::string session_name;  // empty where the principal has none
  iam::Session session;
};

/// Errc::too_large: the text would be longer than kMaxSessionTokenBytes.
[[nodiscard]] base::Result<base::Secret> seal_session_token(const SessionClaims& claims,
                                                            const KeyRing& key_ring,
                                                            base::Random& random);

/// The share of a token's room that policies and tags take, in percent, rounded up: over 100 is a
/// token that cannot be sealed. Room is what the longest token has beyond the same claims without
/// them. (How AWS packs is not documented.)
[[nodiscard]] unsigned packed_policy_size(const SessionClaims& claims);

/// Errc::corrupt for whatever seal_session_token() did not make under a key of this ring. Expiry is
/// the caller's to judge.
[[nodiscard]] base::Result<SessionClaims> open_session_token(std::string_view token,
                                                             const KeyRing& key_ring);

}  // namespace imdsd::sts
