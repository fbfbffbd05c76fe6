// SPDX-License-Identifier: MIT
// Service-linked roles: a service's own, which only the service changes
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
#pragma once

#include <string>
#include <string_view>

#include "iam/api/call.h"

namespace imdsd::iam::api {

/// UnmodifiableEntity for a service-linked role.
[[nodiscard]] aws::Outcome<void> check_modifiable(const Role& role);

/// "/aws-service-role/autoscaling.amazonaws.com/"
[[nodiscard]] std::string linked_role_path(std::string_view service);

[[nodiscard]] aws::Outcome<void> create_linked_role(Call& call);
[[nodiscard]] aws::Outcome<void> delete_linked_role(Call& call);
[[nodiscard]] aws::Outcome<void> get_deletion_status(Call& call);

}  // namespace imdsd::iam::api
