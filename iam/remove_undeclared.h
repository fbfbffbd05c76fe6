// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "iam/declarations.h"

namespace imdsd::iam {

/// Ends what the file had declared and no longer does, with all that refers to it.
[[nodiscard]] std::vector<EnsureReport::Removed> remove_undeclared(const Declarations& declarations,
                                                                   Transaction& transaction);

}  // namespace imdsd::iam
