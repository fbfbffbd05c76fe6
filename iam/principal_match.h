// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "iam/policy_document.h"
#include "iam/principal.h"

namespace imdsd::iam {

/// Whom a resource policy's Principal means when it means the caller; the later, the more directly.
enum class PrincipalMatch {
  none,
  account,  // delegates: the account's own policies must allow as well
  entity,   // the role of a session: as if the role's policies allowed it
  caller,   // the user, the session, the service, or everyone
};

/// An entity that was bound is known by its unique id alone, so that one that was recreated is
/// another one.
[[nodiscard]] PrincipalMatch match_principal(const PrincipalPattern& pattern,
                                             const Principal& principal);
[[nodiscard]] PrincipalMatch match_principal(const std::vector<PrincipalPattern>& patterns,
                                             const Principal& principal);

/// True when NotPrincipal leaves the caller alone. That takes all that the caller is: its account,
/// its role or user, and its session
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
[[nodiscard]] bool is_excepted(const std::vector<PrincipalPattern>& not_principals,
                               const Principal& principal);

}  // namespace imdsd::iam
