// SPDX-License-Identifier: MIT
// Text to Config. File < IMDSD_ variables < --set; everything that is wrong is told at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/environment.h"
#include "base/result.h"
#include "daemon/config.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// Everything a configuration is made from. No file is opened but through `read_file`.
struct ConfigInput {
  std::string name = "config.toml";  // of the file, in messages
  std::string text;
  std::string folder;  // what NAME_file keys are relative to
  base::Environment environment;
  std::vector<std::string> sets;  // KEY=VALUE, in the order of the command line
  std::function<base::Result<std::string>(const std::string& path)> read_file;
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigProblem> warnings;
};

/// Sorted problems, at least one, when the configuration cannot be used.
[[nodiscard]] tl::expected<LoadedConfig, std::vector<ConfigProblem>> parse_config(
    const ConfigInput& input);

/// Reads `path` and parses it; the input's name, text, folder and read_file are filled in.
[[nodiscard]] tl::expected<LoadedConfig, std::vector<ConfigProblem>> load_config(
    const std::string& path, ConfigInput input);

}  // namespace imdsd::daemon
