// SPDX-License-Identifier: MIT
#include "iam/instance_identity.h"

#include <utility>

#include "aws/arn.h"

namespace imdsd::iam {
namespace {

std::string arn_of(std::string_view partition, std::string_view service, std::string_view account,
                   std::string resource) {
  return aws::Arn{std::string(partition), std::string(service), "", std::string(account),
                  std::move(resource)}
      .to_string();
}

}  // namespace

std::string instance_identity_role_id(std::string_view account) {
  return std::string(account) + ":" + std::string(kInstanceIdentityRole);
}

Principal instance_identity_principal(std::string_view account, std::string_view instance_id,
                                      std::string_view partition) {
  const std::string name(kInstanceIdentityRole), session(instance_id);
  const std::string role_id = instance_identity_role_id(account);
  return {.type = PrincipalType::assumed_role,
          .account = std::string(account),
          .arn = arn_of(partition, "sts", account, "assumed-role/" + name + "/" + session),
          .entity_arn = arn_of(partition, "iam", account, "role/" + name),
          .entity_id = role_id,
          .user_id = role_id + ":" + session,
          .name = name,
          .session_name = session};
}

bool is_instance_identity(const Principal& principal) {
  return principal.type == PrincipalType::assumed_role && principal.name == kInstanceIdentityRole;
}

}  // namespace imdsd::iam
