// SPDX-License-Identifier: MIT
#include "cli/admin_client.h"

#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

using base::Errc;
using base::Result;

Errc code_of(int status) {
  switch (status) {
    case 400:
      return Errc::invalid_argument;
    case 403:
      return Errc::access_denied;
    case 404:
      return Errc::not_found;
    default:
      return Errc::unavailable;
  }
}

std::string nobody_answers(const std::vector<std::string>& tried) {
  std::string out = "no imdsd answers; tried";
  for (const auto& each : tried) out += "\n  " + each;
  return out +
         "\nstart it (imdsd --config config.toml), or name its socket with --socket PATH or "
         "IMDSD_ADMIN_SOCKET";
}

}  // namespace

std::vector<std::string> socket_candidates(const std::string& named,
                                           const base::Environment& environment) {
  if (!named.empty()) return {named};
  if (auto given = base::find_variable(environment, "IMDSD_ADMIN_SOCKET")) return {*given};
  std::vector<std::string> out;
  if (auto runtime = base::find_variable(environment, "XDG_RUNTIME_DIR")) {
    out.push_back(*runtime + "/imdsd/admin.sock");
  }
  // sudo takes XDG_RUNTIME_DIR away: the daemon may be that of whoever called it.
  if (auto uid = base::find_variable(environment, "SUDO_UID");
      uid && uid->find_first_not_of("0123456789") == std::string::npos) {
    out.push_back("/run/user/" + *uid + "/imdsd/admin.sock");
  }
  out.emplace_back("/run/imdsd/admin.sock");
  if (auto state = base::find_variable(environment, "XDG_STATE_HOME")) {
    out.push_back(*state + "/imdsd/admin.sock");
  } else if (auto home = base::find_variable(environment, "HOME")) {
    out.push_back(*home + "/.local/state/imdsd/admin.sock");
  }
  return out;
}

std::string reason_of(const base::HttpResponse& response) {
  const auto json = nlohmann::json::parse(response.body, nullptr, false);
  if (json.is_object() && json.contains("error") && json["error"].is_string()) {
    return json["error"].get<std::string>();
  }
  return "HTTP status " + std::to_string(response.status);
}

Result<DaemonAnswer> send_to_daemon(const std::vector<std::string>& candidates,
                                    const ClientFactory& connect,
                                    base::HttpClient::Request request) {
  std::vector<std::string> tried;
  request.headers.add("Host", "localhost");
  for (const auto& path : candidates) {
    auto response = connect(path)->send(request);
    if (response) return DaemonAnswer{path, *std::move(response)};
    const auto& message = response.error().message;
    tried.push_back(message.starts_with(path) ? message : path + ": " + message);
  }
  return base::fail(Errc::unavailable, nobody_answers(tried));
}

Result<std::string> ask_daemon(const std::vector<std::string>& candidates,
                               const ClientFactory& connect, const std::string& method,
                               const std::string& target, std::chrono::seconds patience,
                               const std::string& body) {
  base::HttpClient::Request request;
  request.method = method;
  request.target = target;
  request.timeout = patience;
  request.body = body;
  IMDSD_TRY(auto answer, send_to_daemon(candidates, connect, std::move(request)));
  const auto& response = answer.response;
  if (response.status == 200) return std::move(answer.response.body);
  return base::fail(code_of(response.status),
                    "imdsd at " + answer.socket + ": " + reason_of(response));
}

}  // namespace imdsd::cli
