// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "base/snapshot_cell.h"
#include "daemon/admin_route.h"
#include "daemon/metrics.h"

namespace imdsd::daemon {

/// What the daemon is asked. Thread-safe functions.
struct MonitorSources {
  std::function<MetricsReport()> metrics;
  std::function<StatusReport()> status;
  std::function<bool()> responds;  // every event thread does
};

/// The daemon as monitoring sees it: /metrics, /healthz and /readyz. On the admin socket with
/// details; over TCP (admin.listen) without, and there is nothing else there. Thread-safe; runs on
/// the worker pool.
class Monitor {
 public:
  explicit Monitor(MonitorSources sources) : sources_(std::move(sources)) {}

  /// For the admin socket.
  [[nodiscard]] std::vector<AdminRoute> routes() const;
  /// For TCP.
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;
  /// Host names over TCP beside IP literals and localhost.
  void allow_hosts(std::vector<std::string> names);

 private:
  [[nodiscard]] base::HttpResponse metrics(const base::HttpRequest& request) const;
  [[nodiscard]] base::HttpResponse health(bool in_detail) const;
  [[nodiscard]] base::HttpResponse readiness(bool in_detail) const;

  MonitorSources sources_;
  base::SnapshotCell<std::vector<std::string>> allowed_hosts_;
};

/// The body of /readyz in detail: which instances that have a role have no live credentials.
[[nodiscard]] std::string readiness_json(const StatusReport& report);
/// True when every instance that has a role has live credentials.
[[nodiscard]] bool is_ready(const StatusReport& report);

}  // namespace imdsd::daemon
