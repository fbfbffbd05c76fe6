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

/// Everything a configuration is made from. The machine is asked through the two functions alone.
struct ConfigInput {
  std::string name = "config.toml";  // of the file, in messages
  std::string text;
  std::string folder;  // what NAME_file keys are relative to
  base::Environment environment;
  std::vector<std::string> sets;  // KEY=VALUE, in the order of the command line
  std::function<base::Result<std::string>(const std::string& path)> read_file;
  std::function<base::Result<unsigned>(const std::string& name)> find_group;  // none: all exist
};

struct LoadedConfig {
  Config config;
  std::vector<ConfigProblem> warnings;
};

/// A configuration that cannot be used. A warning may be the cause: a variable whose name is not
/// quite that of a required key.
struct RejectedConfig {
  std::vector<ConfigProblem> problems;  // at least one, sorted
  std::vector<ConfigProblem> warnings;
};

[[nodiscard]] tl::expected<LoadedConfig, RejectedConfig> parse_config(const ConfigInput& input);

/// Reads `path` and parses it; what the input has beside environment and sets is filled in.
[[nodiscard]] tl::expected<LoadedConfig, RejectedConfig> load_config(const std::string& path,
                                                                     ConfigInput input);

}  // namespace imdsd::daemon
