// SPDX-License-Identifier: MIT
// TOML text to ConfigNode. The only code that sees toml++.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "daemon/config_node.h"

namespace imdsd::daemon {

/// A whole file; `source` is its name in messages. A syntax error ends the reading: there is one,
/// the first.
[[nodiscard]] tl::expected<ConfigNode, ConfigProblem> parse_toml(std::string_view text,
                                                                 const std::string& source);
/// One value in TOML's syntax: `"x"`, `[1, 2]`, `{ a = 1 }`. Its positions are those of `at`.
[[nodiscard]] tl::expected<ConfigNode, ConfigProblem> parse_toml_value(std::string_view text,
                                                                       const ConfigPosition& at);

}  // namespace imdsd::daemon
