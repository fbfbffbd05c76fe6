// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. In this order:
/// constraints on the parameters, form of the role's ARN, trust policy and the caller's own
/// policies (a role that does not exist is denied in the same words), the role's maximum session
/// duration, the hour of role chaining.
[[nodiscard]] ActionAnswer assume_role(const ActionRequest& request);

}  // namespace imdsd::sts
