// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "iam/caller.h"
#include "iam/condition_keys.h"

namespace imdsd::iam {

/// The condition keys that describe the caller
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). `now`
/// is for aws:MultiFactorAuthAge.
void add_caller_keys(const Caller& caller, base::SystemTime now, ConditionKeys& keys);

}  // namespace imdsd::iam
