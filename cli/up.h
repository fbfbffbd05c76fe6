// SPDX-License-Identifier: MIT
// `imdsctl up` and `imdsctl down`, where they touch the world.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/command_line.h"

namespace imdsd::cli {

/// `arguments`: of this program, for the command that is printed to somebody who is not root.
[[nodiscard]] int up(const CommandLine& line, const base::Environment& environment,
                     const std::vector<std::string>& arguments);
[[nodiscard]] int down(const CommandLine& line, const std::vector<std::string>& arguments);

}  // namespace imdsd::cli
