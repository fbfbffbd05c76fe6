// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace imdsd::cli {

/// Runs a program of PATH and gives back the beginning of its standard output and error, together.
/// Nothing when it cannot be started or takes longer than `limit`; it is killed then.
[[nodiscard]] std::optional<std::string> program_output(const std::vector<std::string>& command,
                                                        std::chrono::milliseconds limit);

}  // namespace imdsd::cli
