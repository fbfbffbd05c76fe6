// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "iam/directory.h"
#include "iam/principal.h"

namespace imdsd::iam {

/// Who a session of this role is: arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION, without the
/// role's path (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
[[nodiscard]] Principal role_session_principal(const Role& role, std::string_view session_name,
                                               std::string_view partition);

[[nodiscard]] Principal user_principal(const User& user, std::string_view partition);

/// Whom the user (or root) with this id vouches for: arn:aws:sts::ACCOUNT:federated-user/NAME.
[[nodiscard]] Principal federated_user_principal(std::string_view account, std::string_view user_id,
                                                 std::string_view name, std::string_view partition);

[[nodiscard]] Principal root_principal(std::string_view account, std::string_view partition);

/// A service in process, as ec2.amazonaws.com; it has neither account nor ARN.
[[nodiscard]] Principal service_principal(std::string_view name);

}  // namespace imdsd::iam
