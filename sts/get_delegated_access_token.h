// SPDX-License-Identifier: MIT
#pragma once

#include "sts/service.h"

namespace imdsd::sts {

/// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html. Partners
/// of AWS exchange here what a customer's approval has sent them. Nobody is sent such tokens by
/// this service, so after the permission every one of them is refused as expired.
[[nodiscard]] ActionAnswer get_delegated_access_token(const ActionRequest& request);

}  // namespace imdsd::sts
