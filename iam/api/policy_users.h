// SPDX-License-Identifier: MIT
// Who a managed policy is attached to, or is the permissions boundary of.
#pragma once

#include "iam/api/call.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {

extern const Parameter kEntityFilter, kPolicyUsageFilter;

[[nodiscard]] aws::Outcome<void> list_entities_for_policy(Call& call);

/// Does the request's PolicyUsageFilter take policies that are used like this? Without one all are.
enum class PolicyUse { permissions, boundary };
[[nodiscard]] bool takes_use(const Call& call, PolicyUse use);

}  // namespace imdsd::iam::api
