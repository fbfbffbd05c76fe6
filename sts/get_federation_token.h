// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html: a session of
/// somebody whom a user vouches for. It may do what the user's policies and its session policies
/// both allow; without session policies, nothing but what resource policies give it.
[[nodiscard]] ActionAnswer get_federation_token(const ActionRequest& request);

}  // namespace imdsd::sts
