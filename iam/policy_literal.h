// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace imdsd::iam {

/// `text` as an element of a policy of version 2012-10-17 has it when it stands for itself: `*`,
/// `?` and `${` are no wildcards and no variable then
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars).
[[nodiscard]] std::string policy_literal(std::string_view text);

/// The resource of a decision about `action`, as a policy names it. Keys of S3's objects alone may
/// have stars; where EC2 decides about `subnet/*`, any one is meant, and a policy must say so.
[[nodiscard]] std::string resource_literal(std::string_view action, std::string_view arn);

}  // namespace imdsd::iam
