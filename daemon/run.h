// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace imdsd::daemon {

/// The program: parses the arguments (argv whole), and serves, checks or explains. The exit code:
/// 0, 1 for what went wrong, 2 for arguments that make no sense.
[[nodiscard]] int run(const std::vector<std::string>& argv, base::Environment environment);

}  // namespace imdsd::daemon
