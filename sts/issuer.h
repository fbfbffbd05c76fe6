// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "iam/directory.h"
#include "sts/key_ring.h"
#include "sts/session_token.h"

namespace imdsd::sts {

/// The claims of a new session of `role`, still without key id and secret. Both times are whole
/// seconds, rounded down: what is printed is what is compared.
[[nodiscard]] SessionClaims role_session(const iam::Role& role, std::string session_name,
                                         base::SystemTime now, std::chrono::seconds lifetime);

/// The same of a user, or of root, whose session is an hour long at most
/// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
[[nodiscard]] SessionClaims user_session(const iam::Principal& user, base::SystemTime now,
                                         std::chrono::seconds lifetime);

/// Gives the claims a key id and a secret of their own.
[[nodiscard]] base::Result<void> add_keys(SessionClaims& claims, base::Random& random);

/// Makes the credentials of a session that was decided on, whose claims have their keys. Nothing is
/// stored. Errc::too_large: the claims do not fit into a session token.
[[nodiscard]] base::Result<aws::Credentials> seal(SessionClaims claims, const KeyRing& key_ring,
                                                  base::Random& random);

/// Both.
[[nodiscard]] base::Result<aws::Credentials> issue(SessionClaims claims, const KeyRing& key_ring,
                                                   base::Random& random);

}  // namespace imdsd::sts
