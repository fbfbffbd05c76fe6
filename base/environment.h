// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>

namespace imdsd::base {

/// Environment variables as a value: a program reads its own once, everything else is told.
using Environment = std::map<std::string, std::string>;

/// `environ`-shaped: NAME=VALUE pointers up to a null pointer.
[[nodiscard]] Environment make_environment(const char* const* variables);
/// Nothing when unset or empty, which mean the same to every variable that we read.
[[nodiscard]] std::optional<std::string> find_variable(const Environment& environment,
                                                       const std::string& name);

}  // namespace imdsd::base
