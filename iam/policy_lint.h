// SPDX-License-Identifier: MIT
// What is valid in a policy and yet does nothing: AWS accepts it in silence, and its author
// wonders.
#pragma once

#include <vector>

#include "iam/policy_document.h"

namespace imdsd::iam {

/// Warnings for the log, with the line of the statement and what to write instead:
/// - an action whose service AWS does not have, or whose service is known and has no such action;
/// - an action that only `"Resource": "*"` matches, in a statement that names resources;
/// - an action that acts on other kinds of resource than its statement names, as s3:GetObject on a
///   bucket without `/*`.
/// An action with wildcards is warned about when that holds of all it matches. At most
/// kMaxLintWarnings, and none for a document above kMaxLintBytes: that bounds the work on hostile
/// text, and AWS's quotas keep customers' policies below it.
[[nodiscard]] std::vector<PolicyError> lint_policy(const PolicyDocument& document);

inline constexpr std::size_t kMaxLintWarnings = 20;
inline constexpr std::size_t kMaxLintBytes = 32768;

}  // namespace imdsd::iam
