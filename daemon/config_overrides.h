// SPDX-License-Identifier: MIT
// What overrides the file: IMDSD_<SECTION>_<KEY> variables, and above them --set KEY=VALUE. Both
// are written into the tree of the file, so that one set of checks sees the outcome.
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "daemon/config_node.h"

namespace imdsd::daemon {

/// IMDSD_IMDS_HTTP_TOKENS=required, IMDSD_INSTANCE_0_TYPE=m7i.large; lists with commas. A variable
/// with our prefix that names no key is a warning, not an error: Kubernetes invents IMDSD_PORT and
/// its like for a Service named imdsd.
void apply_environment(ConfigNode& root, const base::Environment& environment,
                       std::vector<ConfigProblem>& errors, std::vector<ConfigProblem>& warnings);

/// `imds.http_tokens=required`: the value in TOML's syntax, or a bare string; lists with commas,
/// too.
void apply_set(ConfigNode& root, const std::string& assignment, std::vector<ConfigProblem>& errors);

/// IMDSD_IMDS_HTTP_TOKENS for "imds.http_tokens".
[[nodiscard]] std::string variable_name(std::string_view key);

}  // namespace imdsd::daemon
