// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.h"
#include "iam/caller.h"
#include "iam/condition_keys.h"
#include "iam/directory.h"

namespace imdsd::iam {

/// The condition keys that describe the caller
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). `now`
/// is for aws:MultiFactorAuthAge.
void add_caller_keys(const Caller& caller, base::SystemTime now, ConditionKeys& keys);

/// aws:PrincipalTag/* of the tags of the caller's user or role; what the session was given comes
/// first (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
void add_entity_tags(const Caller& caller, const Directory& directory, ConditionKeys& keys);

}  // namespace imdsd::iam
