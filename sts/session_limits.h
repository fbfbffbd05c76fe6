// SPDX-License-Identifier: MIT
// What the credentials of a session are no good for, whatever its policies say
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html).
#pragma once

#include <optional>
#include <string_view>

#include "aws/service_error.h"
#include "iam/caller.h"

namespace imdsd::sts {

/// 403 AccessDenied: a role's session starts no sessions of users, one of GetSessionToken only
/// assumes roles, one of GetFederationToken or AssumeRoot only asks who it is.
[[nodiscard]] std::optional<aws::ServiceError> refuse_sts_action(const iam::Caller& caller,
                                                                 std::string_view action);

/// 403 InvalidClientTokenId, as IAM answers: a session of GetSessionToken calls IAM only if an MFA
/// code was shown for it, one of GetFederationToken never.
[[nodiscard]] std::optional<aws::ServiceError> refuse_iam_call(const iam::Caller& caller);

}  // namespace imdsd::sts
