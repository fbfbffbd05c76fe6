// SPDX-License-Identifier: MIT
#include "sts/issuer.h"

#include <algorithm>
#include <utility>

#include "aws/ids.h"
#include "aws/time_format.h"

namespace imdsd::sts {

SessionClaims role_session(const iam::Role& role, std::string session_name, base::SystemTime now,
                           std::chrono::seconds lifetime) {
  SessionClaims claims;
  claims.principal_type = iam::PrincipalType::assumed_role;
  claims.account = role.account;
  claims.entity_id = role.unique_id;
  claims.session_name = std::move(session_name);
  claims.session.issued = aws::floor_to_second(now);
  claims.session.expiration = aws::floor_to_second(now + lifetime);
  return claims;
}

SessionClaims user_session(const iam::Principal& user, base::SystemTime now,
                           std::chrono::seconds lifetime) {
  constexpr std::chrono::seconds kMaxOfRoot = std::chrono::hours(1);
  if (user.type == iam::PrincipalType::account_root) lifetime = std::min(lifetime, kMaxOfRoot);
  SessionClaims claims;
  claims.principal_type = user.type;
  claims.account = user.account;
  claims.entity_id = user.entity_id;
  claims.session.issued = aws::floor_to_second(now);
  claims.session.expiration = aws::floor_to_second(now + lifetime);
  return claims;
}

base::Result<void> add_keys(SessionClaims& claims, base::Random& random) {
  IMDSD_TRY(const auto account, aws::AccountId::parse(claims.account));
  claims.access_key_id = aws::make_access_key_id(aws::IdPrefix::ASIA, account, random);
  claims.secret_access_key = base::Secret(aws::make_secret_access_key(random));
  return {};
}

base::Result<aws::Credentials> seal(SessionClaims claims, const KeyRing& key_ring,
                                    base::Random& random) {
  IMDSD_TRY(base::Secret token, seal_session_token(claims, key_ring, random));
  return aws::Credentials{std::move(claims.access_key_id), std::move(claims.secret_access_key),
                          std::move(token), claims.session.expiration};
}

base::Result<aws::Credentials> issue(SessionClaims claims, const KeyRing& key_ring,
                                     base::Random& random) {
  IMDSD_TRY_VOID(add_keys(claims, random));
  return seal(std::move(claims), key_ring, random);
}

}  // namespace imdsd::sts
