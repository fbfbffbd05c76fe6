// SPDX-License-Identifier: MIT
#pragma once

#include "iam/declarations.h"

namespace imdsd::iam {

/// Ends what the file had declared and no longer does, with all that refers to it; and what it had
/// given to entities of the API's, which stay without it.
[[nodiscard]] EnsureReport remove_undeclared(const Declarations& declarations,
                                             Transaction& transaction);

}  // namespace imdsd::iam
