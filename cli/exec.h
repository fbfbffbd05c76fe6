// SPDX-License-Identifier: MIT
// imdsctl exec: a program that talks to imdsd, whatever the shell is set up for.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/client_environment.h"

namespace imdsd::cli {

/// `current` with the variables set and unset, as execve(2) takes it: NAME=VALUE.
[[nodiscard]] std::vector<std::string> child_environment(const base::Environment& current,
                                                         const std::vector<Variable>& variables);

/// Becomes `command`, looked up in PATH. Returns only when that fails, with the exit code that a
/// shell gives, 127 for a program that is not there and 126 for one that cannot be run; the reason
/// is on standard error.
[[nodiscard]] int exec_command(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment);

}  // namespace imdsd::cli
