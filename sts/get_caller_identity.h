// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: needs no
/// permission, and an explicit deny does not stop it.
[[nodiscard]] ActionAnswer get_caller_identity(const ActionRequest& request);

}  // namespace imdsd::sts
