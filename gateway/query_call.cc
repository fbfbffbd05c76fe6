// SPDX-License-Identifier: MIT
#include "gateway/query_call.h"

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "base/log.h"

namespace imdsd::gateway {

void note_action(Exchange& exchange, std::string_view action) {
  constexpr std::size_t kMaxRecorded = 128;
  exchange.record.action = action.substr(0, kMaxRecorded);
}

void note_caller(Exchange& exchange, const iam::Caller& caller) {
  exchange.record.caller_arn = caller.principal.arn;
  exchange.record.access_key_id = caller.access_key_id;
  if (caller.access_key_id.empty()) return;  // nobody signed
  const bool is_role = caller.principal.type == iam::PrincipalType::assumed_role;
  if (caller.session && !is_role) return;
  exchange.usage.note({is_role ? caller.principal.entity_id : caller.access_key_id, exchange.now,
                       exchange.record.service, exchange.region});
}

void note_answer(Exchange& exchange, iam::ActionAnswer& answer) {
  AuditRecord& record = exchange.record;
  if (!answer.vouched_for.empty()) record.caller_arn = std::move(answer.vouched_for);
  record.decision = std::move(answer.decision);
  record.resource = std::move(answer.resource);
  record.explanation = std::move(answer.explanation);
  record.permissions = std::move(answer.permissions);
  record.would_deny = answer.would_deny;
}

void log_unknown_action(const AuditRecord& record) {
  static std::mutex mutex;
  static std::set<std::string> told;
  constexpr std::size_t kMaxTold = 1000;
  const std::lock_guard lock(mutex);
  if (told.size() < kMaxTold && told.insert(record.service + ":" + record.action).second) {
    base::log_warn("an action that is not served was called",
                   {{"service", record.service}, {"action", record.action}});
  }
}

}  // namespace imdsd::gateway
