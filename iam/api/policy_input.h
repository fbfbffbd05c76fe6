// SPDX-License-Identifier: MIT
// Policies that a request brings.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "iam/api/call.h"
#include "iam/policy_document.h"

namespace imdsd::iam::api {

/// MalformedPolicyDocument for what is none. Our log has more than the answer: what exactly is
/// wrong and where, and what is odd in a policy that is taken. `owner` is whom it is for: "role
/// `app`".
[[nodiscard]] aws::Outcome<PolicyDocument> read_policy(std::string_view text, PolicyKind kind,
                                                       const std::string& owner);

/// A trust policy, its principals bound as they are in `directory`.
[[nodiscard]] aws::Outcome<std::shared_ptr<const PolicyDocument>> bind_trust_policy(
    PolicyDocument document, const Directory& directory);

/// What quotas count: characters but no white space
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length).
[[nodiscard]] std::size_t policy_size(std::string_view text);

}  // namespace imdsd::iam::api
