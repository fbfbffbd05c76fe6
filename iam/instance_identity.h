// SPDX-License-Identifier: MIT
// The instance identity role of EC2 instances: it is in no directory and has no trust policy, and
// its sessions are subject to no identity or resource policy: no principal of a policy names them
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-identity-roles.html).
#pragma once

#include <string>
#include <string_view>

#include "iam/principal.h"

namespace imdsd::iam {

/// No other role can have it: names of roles have no colon.
inline constexpr std::string_view kInstanceIdentityRole = "aws:ec2-instance";

/// What stands in place of a role's AROA…: "123456789012:aws:ec2-instance".
[[nodiscard]] std::string instance_identity_role_id(std::string_view account);

/// Who a session of it is: arn:aws:sts::ACCOUNT:assumed-role/aws:ec2-instance/i-….
[[nodiscard]] Principal instance_identity_principal(std::string_view account,
                                                    std::string_view instance_id,
                                                    std::string_view partition);

[[nodiscard]] bool is_instance_identity(const Principal& principal);

}  // namespace imdsd::iam
