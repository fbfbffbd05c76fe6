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

/// Of an instance, a task or a pod.
template <class Status>
bool lacks_credentials(const Status& status) {
  return !status.role.empty() && status.state != InstanceStatus::State::valid;
}

template <class Status>
std::size_t count_lacking(const std::vector<Status>& all) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), lacks_credentials<Status>));
}

/// The place and the reason; `more` is what tells it apart.
template <class Status>
void list_lacking(const std::vector<Status>& all, std::size_t& listed, iam::JsonWriter& json,
                  std::pair<std::string_view, std::string Status::*> more) {
  for (const Status& status : all) {
    if (!lacks_credentials(status)) continue;
    if (++listed > kMaxListed) return;
    json.begin_object()
        .member("id", status.id)
        .member(more.first, status.*more.second)
        .member("role", status.role)
        .member("state", to_string(status.state))
        .member("error", status.error.value_or("no attempt yet"))
        .end_object();
  }
}

std::string_view value_of(const HttpRequest& request, std::string_view header) {
  return request.headers.get(header).value_or(std::string_view());
}

std::string status_word(std::string_view word) {
  return iam::JsonWriter().begin_object().member("status", word).end_object().take() + "\n";
}

}  // namespace

bool is_ready(const StatusReport& report) {
  return count_lacking(report.instances) + count_lacking(report.holders) == 0;
}

std::string readiness_json(const StatusReport& report) {
  const std::size_t lacking = count_lacking(report.instances) + count_lacking(report.holders);
  iam::JsonWriter json;
  json.begin_object()
      .member("status", lacking == 0 ? std::string_view("ready") : std::string_view("not ready"))
      .member("instances", report.instances.size())
      .member("tasks_and_pods", report.holders.size())
      .member("without_credentials", lacking)
      .name("not_ready")
      .begin_list();
  std::size_t listed = 0;
  list_lacking(report.instances, listed, json, {"name", &InstanceStatus::name});
  list_lacking(report.holders, listed, json, {"door", &HolderStatus::door});
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
