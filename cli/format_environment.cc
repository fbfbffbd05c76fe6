// SPDX-License-Identifier: MIT
#include "cli/format_environment.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

/// The environment may hold any name; a shell's language does not, and eval would run what is in
/// it.
bool is_identifier(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
         std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace

std::string quote_for_sh(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string quote_for_fish(std::string_view text) {
  // https://fishshell.com/docs/current/language.html#quotes: \' and \\ are the only escapes here.
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string format_for_sh(const std::vector<Variable>& variables) {
  std::string out;
  for (const auto& [name, value] : variables) {
    if (!is_identifier(name)) continue;
    out += value ? "export " + name + "=" + quote_for_sh(*value) + "\n" : "unset " + name + "\n";
  }
  return out;
}

std::string format_for_fish(const std::vector<Variable>& variables) {
  std::string out;
  for (const auto& [name, value] : variables) {
    if (!is_identifier(name)) continue;
    out +=
        value ? "set -gx " + name + " " + quote_for_fish(*value) + ";\n" : "set -e " + name + ";\n";
  }
  return out;
}

std::string format_as_json(const std::vector<Variable>& variables) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : variables) {
    json[name] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace imdsd::cli
