// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
/// unsigned: the token is who asks. In this order: constraints on the parameters, form of the
/// role's ARN and of the token, its provider and audience, its signature by a key of the issuer
/// (which may be fetched now), its times, the role's trust policy with the token's claims (a role
/// that does not exist is denied in the same words), the role's maximum session duration. The token
/// is verified in every auth.mode.
[[nodiscard]] ActionAnswer assume_role_with_web_identity(const ActionRequest& request);

}  // namespace imdsd::sts
