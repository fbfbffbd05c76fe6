// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace imdsd::cli {

/// imdsctl. The exit code: 0, 1 for what went wrong, 2 for arguments that make no sense.
[[nodiscard]] int run(const std::vector<std::string>& argv, const base::Environment& environment);

}  // namespace imdsd::cli
