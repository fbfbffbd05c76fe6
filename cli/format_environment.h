// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/client_environment.h"

namespace imdsd::cli {

/// Lines for `eval "$(…)"` in a POSIX shell. Variables whose names are no shell identifiers are
/// left out.
[[nodiscard]] std::string format_for_sh(const std::vector<Variable>& variables);
/// Lines for `eval (…)` in fish, which joins them by spaces: each ends with a semicolon.
[[nodiscard]] std::string format_for_fish(const std::vector<Variable>& variables);
/// One object; null: to be unset.
[[nodiscard]] std::string format_as_json(const std::vector<Variable>& variables);

/// One word of the shell's language, whatever the text.
[[nodiscard]] std::string quote_for_sh(std::string_view text);
[[nodiscard]] std::string quote_for_fish(std::string_view text);

}  // namespace imdsd::cli
