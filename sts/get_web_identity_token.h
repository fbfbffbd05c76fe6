// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html: a JSON Web
/// Token that tells others who the caller is. Needs sts:GetWebIdentityToken, with Tags
/// sts:TagGetWebIdentityToken as well, and an account that has enabled outbound web identity
/// federation.
[[nodiscard]] ActionAnswer get_web_identity_token(const ActionRequest& request);

}  // namespace imdsd::sts
