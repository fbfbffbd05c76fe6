// SPDX-License-Identifier: MIT
// A denial in AWS's words
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
#pragma once

#include <string>
#include <string_view>

#include "iam/evaluate.h"

namespace imdsd::iam {

/// As denials name a caller: its ARN, a service's name, or "anonymous".
[[nodiscard]] std::string_view name_in_denial(const Principal& principal);

/// "User: arn:… is not authorized to perform: iam:GetRole on resource: arn:…"; without the last
/// part where `resource` is empty.
[[nodiscard]] std::string not_authorized(const Principal& principal, std::string_view action,
                                         std::string_view resource);

/// "because no identity-based policy allows the sts:AssumeRole action", "with an explicit deny in
/// …"; empty when allowed.
[[nodiscard]] std::string describe_denial(const Decision& decision, std::string_view action);

/// The message of AccessDenied from IAM and STS. STS tells no reason for AssumeRole, and nothing of
/// the role to a caller that a provider vouches for.
[[nodiscard]] std::string access_denied_message(const RequestContext& request,
                                                const Decision& decision);

}  // namespace imdsd::iam
