// SPDX-License-Identifier: MIT
#include "iam/policies_of.h"

namespace imdsd::iam {

PolicySet policies_of(const Caller& caller, const Directory& directory) {
  PolicySet out;
  switch (caller.principal.type) {
    case PrincipalType::user:
    case PrincipalType::federated_user:
      if (const auto user = directory.find_user_by_id(caller.principal.entity_id)) {
        append(out.identity, user, user->policies);
      }
      break;
    case PrincipalType::assumed_role:
      if (const auto role = directory.find_role_by_id(caller.principal.entity_id)) {
        append(out.identity, role, role->policies);
      }
      break;
    case PrincipalType::account_root:
    case PrincipalType::service:
    case PrincipalType::web_identity:
    case PrincipalType::saml:
    case PrincipalType::anonymous:
      break;
  }
  if (caller.session && !caller.session->policies.empty()) {
    append(out.session.emplace(), caller.session, caller.session->policies);
  }
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html: without a
  // session policy the federated user has no permissions.
  if (caller.principal.type == PrincipalType::federated_user && !out.session) out.session.emplace();
  return out;
}

}  // namespace imdsd::iam
