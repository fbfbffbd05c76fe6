// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/metrics_writer.h"
#include "daemon/status_report.h"
#include "gateway/call_counters.h"

namespace imdsd::daemon {

/// Lines of the audit file.
struct AuditStats {
  std::uint64_t written = 0, dropped = 0;
};

struct MetricsReport {
  StatusReport status;
  std::vector<gateway::CallCounters::Row> calls;
  AuditStats audit;
};

/// The body of GET /metrics; docs/monitoring.md names the families. Instances without counters of
/// their own are one, `others`.
[[nodiscard]] std::string metrics_text(const MetricsReport& report, MetricsFormat format);

}  // namespace imdsd::daemon
