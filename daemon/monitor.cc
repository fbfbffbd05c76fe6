// SPDX-License-Identifier: MIT
#include "daemon/monitor.h"

#include <algorithm>
#include <utility>

#include "base/host_guard.h"
#include "iam/json_writer.h"

namespace imdsd::daemon {
namespace {

using base::HttpRequest;
using base::HttpResponse;

// An orchestrator's log should stay readable; the count is whole.
constexpr std::size_t kMaxListed = 100;

constexpr std::string_view kJson = "application/json";

bool lacks_credentials(const InstanceStatus& instance) {
  return !instance.role.empty() && instance.state != InstanceStatus::State::valid;
}

std::string_view value_of(const HttpRequest& request, std::string_view header) {
  return request.headers.get(header).value_or(std::string_view());
}

std::string status_word(std::string_view word) {
  return iam::JsonWriter().begin_object().member("status", word).end_object().take() + "\n";
}

}  // namespace

bool is_ready(const StatusReport& report) {
  return std::none_of(report.instances.begin(), report.instances.end(), lacks_credentials);
}

std::string readiness_json(const StatusReport& report) {
  const auto lacking =
      std::count_if(report.instances.begin(), report.instances.end(), lacks_credentials);
  iam::JsonWriter json;
  json.begin_object()
      .member("status", lacking == 0 ? std::string_view("ready") : std::string_view("not ready"))
      .member("instances", report.instances.size())
      .member("without_credentials", lacking)
      .name("not_ready")
      .begin_list();
  std::size_t listed = 0;
  for (const auto& instance : report.instances) {
    if (!lacks_credentials(instance)) continue;
    if (++listed > kMaxListed) break;
    json.begin_object()
        .member("id", instance.id)
        .member("name", instance.name)
        .member("role", instance.role)
        .member("state", to_string(instance.state))
        .member("error", instance.error.value_or("no attempt yet"))
        .end_object();
  }
  return json.end_list().end_object().take() + "\n";
}

void Monitor::allow_hosts(std::vector<std::string> names) {
  allowed_hosts_.store(std::make_shared<const std::vector<std::string>>(std::move(names)));
}

std::vector<AdminRoute> Monitor::routes() const {
  return {{"GET", "/metrics", [this](const HttpRequest& request) { return metrics(request); }},
          {"GET", "/healthz", [this](const HttpRequest&) { return health(true); }},
          {"GET", "/readyz", [this](const HttpRequest&) { return readiness(true); }}};
}

HttpResponse Monitor::handle(const HttpRequest& request) const {
  const auto hosts = allowed_hosts_.load();
  const auto names = hosts ? *hosts : std::vector<std::string>();
  if (!base::host_is_allowed(value_of(request, "Host"), names, false)) {
    return admin_error(403, "host not allowed: admin.allowed_hosts names those that are");
  }
  const auto path = request.path();
  const bool known = path == "/metrics" || path == "/healthz" || path == "/readyz";
  if (!known) return admin_error(404, "there are /metrics, /healthz and /readyz");
  if (request.method != "GET" && request.method != "HEAD") {
    auto response = admin_error(405, "use GET");
    response.headers.add("Allow", "GET, HEAD");
    return response;
  }
  if (path == "/metrics") return metrics(request);
  return path == "/healthz" ? health(false) : readiness(false);
}

HttpResponse Monitor::metrics(const HttpRequest& request) const {
  const auto format = metrics_format(value_of(request, "Accept"));
  return admin_answer(200, metrics_text(sources_.metrics(), format), content_type(format));
}

HttpResponse Monitor::health(bool in_detail) const {
  const bool responds = sources_.responds();
  const int status = responds ? 200 : 503;
  const std::string_view word = responds ? "ok" : "event threads do not respond";
  if (!in_detail) return admin_answer(status, status_word(word), kJson);
  const auto report = sources_.status();
  iam::JsonWriter json;
  json.begin_object()
      .member("status", word)
      .member("version", std::string_view(IMDSD_VERSION))
      .member("pid", report.pid)
      .member("event_threads_respond", responds)
      .member("connections_open", report.connections.connections_open)
      .end_object();
  return admin_answer(status, json.take() + "\n", kJson);
}

HttpResponse Monitor::readiness(bool in_detail) const {
  const auto report = sources_.status();
  const bool ready = is_ready(report);
  return admin_answer(
      ready ? 200 : 503,
      in_detail ? readiness_json(report) : status_word(ready ? "ready" : "not ready"), kJson);
}

}  // namespace imdsd::daemon
