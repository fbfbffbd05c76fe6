// SPDX-License-Identifier: MIT
#include "daemon/metrics.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "daemon/process_metrics.h"

namespace imdsd::daemon {
namespace {

using Type = MetricsWriter::Type;
using State = InstanceStatus::State;
using Token = imds::RequestCounters::Token;

constexpr std::string_view kOthers = "others";

/// What has series of its own: an instance, or all those that have none together.
struct Series {
  std::string_view instance, role;
  const imds::RequestCounters* counters = nullptr;
  bool rotates = false;
  std::uint64_t rotations = 0, failed = 0;
  // Of several the earliest.
  std::optional<base::SystemTime> issued = {}, expiration = {}, next = {};
};

void take_earlier(std::optional<base::SystemTime>& out,
                  const std::optional<base::SystemTime>& time) {
  if (time && (!out || *time < *out)) out = time;
}

void add(Series& series, const InstanceStatus& instance) {
  if (instance.role.empty()) return;
  series.rotates = true;
  series.rotations += instance.rotations;
  series.failed += instance.failed_rotations;
  take_earlier(series.issued, instance.issued);
  take_earlier(series.expiration, instance.expiration);
  take_earlier(series.next, instance.next_rotation);
}

std::vector<Series> series_of(const StatusReport& report) {
  std::vector<Series> out;
  Series others{.instance = kOthers, .role = kOthers, .counters = report.other_counters.get()};
  // They have the requests, too, that are for no instance.
  bool has_others = others.counters != nullptr && !others.counters->rows().empty();
  for (const auto& instance : report.instances) {
    if (!instance.counters) {
      has_others = true;
      add(others, instance);
      continue;
    }
    out.push_back(
        {.instance = instance.id, .role = instance.role, .counters = instance.counters.get()});
    add(out.back(), instance);
  }
  if (has_others) out.push_back(others);
  return out;
}

double seconds(base::SystemTime time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1e6;
}

void write_daemon(MetricsWriter& writer, const StatusReport& report) {
  writer.begin("imdsd_build_info", Type::gauge, "1, with the version of imdsd.");
  writer.sample({{"version", IMDSD_VERSION}}, std::uint64_t{1});
  writer.begin("process_start_time_seconds", Type::gauge,
               "Start time of the process since unix epoch in seconds.");
  writer.sample({}, seconds(report.started));
  write_process_metrics(writer);
}

void write_connections(MetricsWriter& writer, const http::ServerStats& stats) {
  writer.begin("imdsd_connections_open", Type::gauge, "Connections that are open, on all ports.");
  writer.sample({}, std::uint64_t{stats.connections_open});
  writer.begin("imdsd_connections_accepted_total", Type::counter, "Connections accepted.");
  writer.sample({}, stats.connections_accepted);
  writer.begin("imdsd_connections_refused_total", Type::counter,
               "Connections answered 503 and closed, because there were too many.");
  writer.sample({}, stats.connections_refused);
  writer.begin("imdsd_http_requests_total", Type::counter, "Requests, on all ports.");
  writer.sample({}, stats.requests);
  writer.begin("imdsd_http_bad_requests_total", Type::counter,
               "Requests that the server refused before any service saw them.");
  writer.sample({}, stats.bad_requests);
}

void write_requests(MetricsWriter& writer, const std::vector<Series>& all) {
  writer.begin("imdsd_metadata_requests_total", Type::counter,
               "Answers of the metadata service, by what was asked for and status.");
  for (const auto& series : all) {
    for (const auto& row : series.counters->rows()) {
      writer.sample({{"instance_id", series.instance},
                     {"path", to_string(row.family)},
                     {"status", row.status == 0 ? "other" : std::to_string(row.status)}},
                    row.count);
    }
  }
}

void write_tokens(MetricsWriter& writer, const std::vector<Series>& all) {
  struct Family {
    Token token;
    std::string_view name, help;
  };
  static constexpr Family kFamilies[] = {
      {Token::none, "imdsd_metadata_no_token_total",
       "Requests of IMDSv1 that succeeded; CloudWatch's MetadataNoToken."},
      {Token::none_and_needed, "imdsd_metadata_no_token_rejected_total",
       "Requests of IMDSv1 where http_tokens is required; CloudWatch's MetadataNoTokenRejected."},
      {Token::issued, "imdsd_metadata_tokens_issued_total", "IMDSv2 tokens issued."},
      {Token::refused, "imdsd_metadata_tokens_rejected_total",
       "Requests with a token that is expired, forged or of another instance."}};
  for (const auto& family : kFamilies) {
    writer.begin(family.name, Type::counter, family.help);
    for (const auto& series : all) {
      writer.sample({{"instance_id", series.instance}}, series.counters->tokens(family.token));
    }
  }
}

void write_faults(MetricsWriter& writer, const std::vector<Series>& all) {
  writer.begin("imdsd_metadata_faults_total", Type::counter, "Requests that a fault rule struck.");
  for (const auto& series : all) {
    writer.sample({{"instance_id", series.instance}}, series.counters->struck());
  }
}

void write_instances(MetricsWriter& writer, const StatusReport& report) {
  writer.begin("imdsd_instances", Type::gauge, "Instances, by the state of their credentials.");
  for (const auto state : {State::none, State::valid, State::failed, State::expired}) {
    const auto count =
        std::count_if(report.instances.begin(), report.instances.end(),
                      [&](const InstanceStatus& instance) { return instance.state == state; });
    writer.sample({{"state", to_string(state)}}, static_cast<std::uint64_t>(count));
  }
}

void write_rotation(MetricsWriter& writer, const std::vector<Series>& all) {
  writer.begin("imdsd_credential_rotations_total", Type::counter,
               "Attempts to obtain credentials of the role of an instance.");
  for (const auto& series : all) {
    if (!series.rotates) continue;
    const auto write = [&](std::string_view outcome, std::uint64_t count) {
      writer.sample({{"instance_id", series.instance}, {"role", series.role}, {"outcome", outcome}},
                    count);
    };
    write("success", series.rotations);
    write("failure", series.failed);
  }
  struct Family {
    std::optional<base::SystemTime> Series::*time;
    std::string_view name, help;
  };
  static constexpr Family kFamilies[] = {
      {&Series::issued, "imdsd_credentials_issued_timestamp_seconds",
       "When the credentials that are served were issued."},
      {&Series::expiration, "imdsd_credentials_expiration_timestamp_seconds",
       "When the credentials that are served expire."},
      {&Series::next, "imdsd_credentials_next_rotation_timestamp_seconds",
       "When credentials are asked for next."}};
  for (const auto& family : kFamilies) {
    writer.begin(family.name, Type::gauge, family.help);
    for (const auto& series : all) {
      const auto& time = series.*family.time;
      if (!time) continue;
      writer.sample({{"instance_id", series.instance}, {"role", series.role}}, seconds(*time));
    }
  }
}

/// By door, not by task: those come and go.
void write_holders(MetricsWriter& writer, const std::vector<HolderStatus>& holders) {
  if (holders.empty()) return;
  constexpr std::string_view kDoors[] = {"ecs", "eks"};
  const auto sum = [&](std::string_view door, auto value) {
    std::uint64_t out = 0;
    for (const HolderStatus& holder : holders) out += holder.door == door ? value(holder) : 0;
    return out;
  };
  writer.begin("imdsd_container_holders", Type::gauge,
               "Tasks and pods with a role, by door and whether they have credentials.");
  for (const auto door : kDoors) {
    const auto valid = sum(door, [](const auto& h) { return h.state == State::valid ? 1U : 0U; });
    const auto all = sum(door, [](const auto&) { return 1U; });
    writer.sample({{"door", door}, {"credentials", "valid"}}, valid);
    writer.sample({{"door", door}, {"credentials", "none"}}, all - valid);
  }
  writer.begin("imdsd_container_credential_rotations_total", Type::counter,
               "Attempts to obtain credentials of the role of a task or pod.");
  for (const auto door : kDoors) {
    writer.sample({{"door", door}, {"outcome", "success"}},
                  sum(door, [](const auto& h) { return h.rotations; }));
    writer.sample({{"door", door}, {"outcome", "failure"}},
                  sum(door, [](const auto& h) { return h.failed_rotations; }));
  }
}

void write_calls(MetricsWriter& writer, const std::vector<gateway::CallCounters::Row>& rows) {
  writer.begin("imdsd_aws_calls_total", Type::counter,
               "Calls of the AWS APIs, by service, action and outcome.");
  for (const auto& row : rows) {
    writer.sample(
        {{"service", row.service}, {"action", row.action}, {"outcome", to_string(row.outcome)}},
        row.count);
  }
}

void write_audit(MetricsWriter& writer, const AuditStats& stats) {
  writer.begin("imdsd_audit_records_total", Type::counter, "Records written to audit.file.");
  writer.sample({}, stats.written);
  writer.begin("imdsd_audit_records_dropped_total", Type::counter,
               "Records that are not in audit.file: it could not be written, or not fast enough.");
  writer.sample({}, stats.dropped);
}

}  // namespace

std::string metrics_text(const MetricsReport& report, MetricsFormat format) {
  MetricsWriter writer(format);
  const auto series = series_of(report.status);
  write_daemon(writer, report.status);
  write_connections(writer, report.status.connections);
  write_requests(writer, series);
  write_tokens(writer, series);
  write_faults(writer, series);
  write_instances(writer, report.status);
  write_rotation(writer, series);
  write_holders(writer, report.status.holders);
  write_calls(writer, report.calls);
  write_audit(writer, report.audit);
  return writer.take();
}

}  // namespace imdsd::daemon
