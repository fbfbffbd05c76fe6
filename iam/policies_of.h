// SPDX-License-Identifier: MIT
#pragma once

#include "iam/caller.h"
#include "iam/directory.h"
#include "iam/evaluate.h"

namespace imdsd::iam {

/// What the caller brings to a decision: the policies of its user or role as they are now (inline,
/// attached, of its groups), its permissions boundary, and its session's. An entity that is gone
/// has no policies. The resource's side is the caller's to add.
[[nodiscard]] PolicySet policies_of(const Caller& caller, const Directory& directory);

/// The same of an entity, without a session.
void add_policies(const std::shared_ptr<const User>& user, const Directory& directory,
                  PolicySet& out);
void add_policies(const std::shared_ptr<const Group>& group, const Directory& directory,
                  PolicySet& out);
void add_policies(const std::shared_ptr<const Role>& role, const Directory& directory,
                  PolicySet& out);

}  // namespace imdsd::iam
