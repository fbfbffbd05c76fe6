// SPDX-License-Identifier: MIT
#include "daemon/audit_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "daemon/files.h"

namespace imdsd::daemon {
namespace {

using Json = nlohmann::json;

/// Empty where there is no such text.
std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void read_line(const std::string& line, std::string_view holder, gateway::NeededPermissions& out) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || text_of(json, "event") != "call") return;
  if (gateway::permission_holder(text_of(json, "caller")) != holder) return;
  const auto list = json.find("permissions");
  if (list == json.end() || !list->is_array()) return;
  for (const Json& each : *list) {
    if (!each.is_object()) continue;
    iam::Permission permission{text_of(each, "action"), text_of(each, "resource"),
                               text_of(each, "passed_to"), false};
    const auto allowed = each.find("allowed");
    permission.allowed = allowed != each.end() && allowed->is_boolean() && allowed->get<bool>();
    if (!permission.action.empty()) out.add(std::move(permission));
  }
}

}  // namespace

void read_needed(std::istream& lines, std::string_view holder, gateway::NeededPermissions& out) {
  for (std::string line; std::getline(lines, line);) {
    // Most lines are not worth reading as JSON.
    if (line.find("\"permissions\"") != std::string::npos) read_line(line, holder, out);
  }
}

base::Result<void> read_audit_file(const std::string& path, std::string_view holder,
                                   gateway::NeededPermissions& out) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (file) read_needed(file, holder, out);
  if (!file.is_open() || file.bad()) {
    return base::fail(base::Errc::unavailable,
                      "audit.file: cannot read `" + path + "`: " + system_error(errno));
  }
  return {};
}

}  // namespace imdsd::daemon
