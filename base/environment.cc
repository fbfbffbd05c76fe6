// SPDX-License-Identifier: MIT
#include "base/environment.h"

#include <string_view>

namespace imdsd::base {

Environment make_environment(const char* const* variables) {
  Environment environment;
  for (; variables && *variables; ++variables) {
    const std::string_view entry(*variables);
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return environment;
}

std::optional<std::string> find_variable(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace imdsd::base
