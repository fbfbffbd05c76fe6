// SPDX-License-Identifier: MIT
// What passwords of an account must be like
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iam/entities.h"

namespace imdsd::iam {

/// What is wrong with a password, in the service's words; nothing if all is well. Without a policy
/// the default one holds: eight characters, of three kinds out of four.
[[nodiscard]] std::optional<std::string> password_fault(
    std::string_view password, const std::optional<PasswordPolicy>& policy);

}  // namespace imdsd::iam
