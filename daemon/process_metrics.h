// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/metrics_writer.h"

namespace imdsd::daemon {

/// The families that every client library of Prometheus has
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), but the start
/// time.
void write_process_metrics(MetricsWriter& writer);

}  // namespace imdsd::daemon
