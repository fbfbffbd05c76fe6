// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "iam/api/call.h"

namespace imdsd::iam::api {

/// The PermissionsBoundary parameter, empty without one. ValidationError for what is no ARN,
/// NoSuchEntity for a policy that there is not.
[[nodiscard]] aws::Outcome<std::string> read_boundary(const Call& call, const Directory& directory);

}  // namespace imdsd::iam::api
