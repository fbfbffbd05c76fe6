// SPDX-License-Identifier: MIT
#include "gateway/audit.h"

#include "base/log.h"

namespace imdsd::gateway {
namespace {

std::string_view name_of(iam::Decision::Reason reason) {
  switch (reason) {
    case iam::Decision::Reason::allowed:
      return "allowed";
    case iam::Decision::Reason::explicit_deny:
      return "explicit deny";
    case iam::Decision::Reason::implicit_deny:
      return "implicit deny";
  }
  return "";
}

std::string_view name_of(iam::Layer layer) {
  switch (layer) {
    case iam::Layer::service_control:
      return "service control policy";
    case iam::Layer::resource_control:
      return "resource control policy";
    case iam::Layer::resource:
      return "resource-based policy";
    case iam::Layer::identity:
      return "identity-based policy";
    case iam::Layer::boundary:
      return "permissions boundary";
    case iam::Layer::session:
      return "session policy";
  }
  return "";
}

}  // namespace

void LogAuditSink::record(const AuditRecord& record) {
  const auto level = record.would_deny ? base::LogLevel::warn : base::LogLevel::debug;
  if (!base::log_enabled(level)) return;
  base::log(level, record.would_deny ? "call passed that enforce would deny" : "call",
            {{"request_id", record.request_id},
             {"service", record.service},
             {"action", record.action},
             {"resource", record.resource},
             {"caller", record.caller_arn},
             {"access_key_id", record.access_key_id},
             {"source_ip", record.source_ip},
             {"status", record.status},
             {"error", record.error_code},
             {"decision", record.decision ? name_of(record.decision->reason) : ""},
             {"decided_by", record.decision ? name_of(record.decision->decided_by) : ""}});
}

}  // namespace imdsd::gateway
