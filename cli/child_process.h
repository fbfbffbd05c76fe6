// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace imdsd::cli {

/// Runs `command` and waits for its end, as if this process were it: signals sent to this process
/// go on to it, and its exit code is returned. A child that a signal ended ends this process by the
/// same signal. `watched` is a descriptor that calls `on_event`, once, when it can be read; -1:
/// none.
[[nodiscard]] int run_child(const std::vector<std::string>& command,
                            const std::vector<std::string>& environment, int watched,
                            const std::function<void()>& on_event);

}  // namespace imdsd::cli
