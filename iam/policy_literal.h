// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace imdsd::iam {

/// `text` as an element of a policy of version 2012-10-17 has it when it stands for itself: `*`,
/// `?` and `${` are no wildcards and no variable then
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars).
[[nodiscard]] std::string policy_literal(std::string_view text);

}  // namespace imdsd::iam
