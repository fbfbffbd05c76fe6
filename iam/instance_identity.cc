// SPDX-License-Identifier: MIT
#include "iam/instance_identity.h"

#include "iam/make_principal.h"

namespace imdsd::iam {

std::string instance_identity_role_id(std::string_view account) {
  return std::string(account) + ":" + std::string(kInstanceIdentityRole);
}

Principal instance_identity_principal(std::string_view account, std::string_view instance_id,
                                      std::string_view partition) {
  Role role;
  role.account = account;
  role.name = kInstanceIdentityRole;
  role.unique_id = instance_identity_role_id(account);
  return role_session_principal(role, instance_id, partition);
}

bool is_instance_identity(const Principal& principal) {
  return principal.type == PrincipalType::assumed_role && principal.name == kInstanceIdentityRole;
}

}  // namespace imdsd::iam
