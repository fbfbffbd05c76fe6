// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace imdsd::daemon {

struct CommandLine {
  enum class Action { run, check_config, version, help } action = Action::run;
  std::string config;  // empty: the first of kDefaultConfigs that exists
  std::vector<std::string> sets;
};

inline constexpr const char* kDefaultConfigs[] = {"config.toml", "/etc/imdsd/config.toml"};

/// `arguments` without the program's name.
[[nodiscard]] base::Result<CommandLine> parse_command_line(
    const std::vector<std::string>& arguments);

[[nodiscard]] std::string help_text();

}  // namespace imdsd::daemon
