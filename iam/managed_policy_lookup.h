// SPDX-License-Identifier: MIT
// Managed policies by ARN: the customers' are in the directory, those that AWS keeps are the same
// for all accounts.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "iam/directory.h"
#include "iam/policy_set.h"

namespace imdsd::iam {

/// Where the ARNs of AWS's own policies have an account id.
inline constexpr std::string_view kAwsAccount = "aws";

/// AWS's own policies by name: entities of the account `aws`, with their default version alone.
[[nodiscard]] const std::vector<std::shared_ptr<const ManagedPolicy>>& aws_policies();

/// The customer managed policy with this ARN; null without one.
[[nodiscard]] std::shared_ptr<const ManagedPolicy> find_customer_policy(const Directory& directory,
                                                                        std::string_view arn);

/// The policy with this ARN that `account` can attach: its own, or one of AWS's. Null without one.
[[nodiscard]] std::shared_ptr<const ManagedPolicy> find_attachable_policy(
    const Directory& directory, std::string_view account, std::string_view arn);

/// The default version of a managed policy, the customer's or AWS's own, as decisions take it; null
/// when there is none.
[[nodiscard]] PolicyPointer find_managed_policy(const Directory& directory, std::string_view arn);

}  // namespace imdsd::iam
