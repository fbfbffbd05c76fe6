// SPDX-License-Identifier: MIT
#include "gateway/recent_requests.h"

#include <utility>

namespace imdsd::gateway {

void RecentRequests::add(const AuditRecord& record) {
  if (!keeps_.load(std::memory_order_relaxed)) return;
  RecentRequest request;
  request.time = record.time;
  request.request_id = record.request_id;
  request.service = record.service;
  request.action = record.action;
  request.resource = record.resource;
  request.caller_arn = record.caller_arn;
  request.source_ip = record.source_ip;
  request.status = record.status;
  request.error_code = record.error_code;
  request.would_deny = record.would_deny;
  if (record.decision) {
    request.decision = iam::reason_name(record.decision->reason);
    request.decided_by = iam::layer_name(record.decision->decided_by);
  }
  const std::lock_guard lock(mutex_);
  request.number = ++last_;
  requests_.push_front(std::move(request));
  if (requests_.size() > kKept) requests_.pop_back();
}

std::vector<RecentRequest> RecentRequests::list(
    std::uint64_t after, std::size_t most,
    const std::function<bool(const RecentRequest&)>& wanted) const {
  std::vector<RecentRequest> found;
  const std::lock_guard lock(mutex_);
  for (const RecentRequest& request : requests_) {
    if (request.number <= after || found.size() == most) break;
    if (wanted(request)) found.push_back(request);
  }
  return found;
}

}  // namespace imdsd::gateway
