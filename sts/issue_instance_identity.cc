// SPDX-License-Identifier: MIT
#include "sts/issue_instance_identity.h"

#include <utility>

#include "aws/time_format.h"
#include "iam/instance_identity.h"
#include "sts/issuer.h"
#include "sts/session_token.h"

namespace imdsd::sts {

base::Result<aws::Credentials> issue_instance_identity(const InstanceIdentityRequest& request,
                                                       const KeyRing& key_ring,
                                                       base::SystemTime now, base::Random& random) {
  SessionClaims claims;
  claims.principal_type = iam::PrincipalType::assumed_role;
  claims.account = request.account;
  claims.entity_id = iam::instance_identity_role_id(request.account);
  claims.session_name = request.instance_id;
  claims.session.issued = aws::floor_to_second(now);
  claims.session.expiration = aws::floor_to_second(now + request.lifetime);
  claims.session.role_delivery = request.delivery;
  claims.session.source_instance_arn = request.instance_arn;
  claims.session.from_service = true;
  return issue(std::move(claims), key_ring, random);
}

}  // namespace imdsd::sts
