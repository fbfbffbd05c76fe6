// SPDX-License-Identifier: MIT
#include "gateway/audit.h"

#include "base/log.h"

namespace imdsd::gateway {

void RecentDenials::add(const AuditRecord& record) {
  std::lock_guard lock(mutex_);
  entries_.push_back({record.request_id, record.explanation});
  if (entries_.size() > kKept) entries_.pop_front();
}

std::optional<iam::Explanation> RecentDenials::explain(std::string_view request_id) const {
  std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.request_id == request_id) return entry.explanation;
  }
  return std::nullopt;
}

void LogAuditSink::record(const AuditRecord& record) {
  if (!record.explanation.text.empty()) denials_.add(record);
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
             {"decision", record.decision ? iam::reason_name(record.decision->reason) : ""},
             {"decided_by", record.decision ? iam::layer_name(record.decision->decided_by) : ""}});
}

}  // namespace imdsd::gateway
