// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace imdsd::cli {

struct CommandLine {
  enum class Command { env, status, rotate, check_config, version, help } command = Command::help;
  std::string socket;  // empty: look for it
  bool json = false;
  bool fish = false;
  bool java = false;
  std::string instance;  // rotate; empty: all
  std::string file;      // check-config; empty: where imdsd looks
};

/// `arguments` without the program's name. A flag that its command does not have is an error.
[[nodiscard]] base::Result<CommandLine> parse_command_line(
    const std::vector<std::string>& arguments);

[[nodiscard]] std::string help_text();

}  // namespace imdsd::cli
