// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html. Unsigned: the
/// provider vouches for the caller. In this order: constraints on the parameters, form of the ARNs,
/// the provider, its response (saml::verify_response), what the assertion says of the session, the
/// trust policy (a role that does not exist, or not in the provider's account, is denied in the
/// same words), the role's maximum session duration. The session ends with the provider's, if that
/// is sooner.
[[nodiscard]] ActionAnswer assume_role_with_saml(const ActionRequest& request);

}  // namespace imdsd::sts
