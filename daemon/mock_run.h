// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"

namespace imdsd::daemon {

/// The program ec2-metadata-mock, from its arguments (argv[0] first) to its exit code: 0, 1 when it
/// could not start, 2 for arguments that make no sense.
[[nodiscard]] int run_mock(const std::vector<std::string>& argv, base::Environment environment);

}  // namespace imdsd::daemon
