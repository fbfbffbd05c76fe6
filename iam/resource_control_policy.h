// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "iam/policy_document.h"

namespace imdsd::iam {

/// What a resource control policy may not say that other policies of resources may
/// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html).
/// An error where it would bind other principals than all, for nobody but `"*"` can be named.
/// Warnings about statements that allow: AWS refuses them, and they have no effect, because
/// RCPFullAWSAccess always allows everything.
[[nodiscard]] tl::expected<std::vector<PolicyError>, PolicyError> check_resource_control(
    const PolicyDocument& document);

}  // namespace imdsd::iam
