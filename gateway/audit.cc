// SPDX-License-Identifier: MIT
#include "gateway/audit.h"

#include <algorithm>

#include "base/log.h"

namespace imdsd::gateway {

void RecentDenials::add(const AuditRecord& record) {
  std::lock_guard lock(mutex_);
  entries_.push_back({record.request_id, record.time, record.explanation});
  if (entries_.size() > kKept) entries_.pop_front();
}

std::optional<RecentDenials::Entry> RecentDenials::find(std::string_view request_id) const {
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& entry) {
    return request_id.empty() || entry.request_id == request_id;
  });
  return found == entries_.rend() ? std::nullopt : std::optional(*found);
}

void LogAuditSink::record(const AuditRecord& record) {
  if (record.explanation) denials_.add(record);
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
