// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "base/result.h"
#include "iam/declarations.h"

namespace imdsd::iam {

/// The part of ensure() that is about OpenID Connect providers: their names are URLs, their ids
/// ARNs.
[[nodiscard]] std::vector<base::Error> ensure_oidc_providers(const Declarations& declarations,
                                                             Transaction& transaction);

}  // namespace imdsd::iam
