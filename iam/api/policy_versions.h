// SPDX-License-Identifier: MIT
// The versions of a managed policy, one of which is in force
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html).
#pragma once

#include <memory>

#include "iam/api/call.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {

extern const Parameter kVersionId, kSetAsDefault;

/// PolicyDocument of the request, within the quota of managed policies. `name`: of the policy.
[[nodiscard]] aws::Outcome<std::shared_ptr<const PolicyDocument>> read_managed_document(
    const Call& call, const std::string& name);

[[nodiscard]] aws::Outcome<void> create_policy_version(Call& call);
[[nodiscard]] aws::Outcome<void> get_policy_version(Call& call);
[[nodiscard]] aws::Outcome<void> list_policy_versions(Call& call);
[[nodiscard]] aws::Outcome<void> set_default_policy_version(Call& call);
[[nodiscard]] aws::Outcome<void> delete_policy_version(Call& call);

}  // namespace imdsd::iam::api
