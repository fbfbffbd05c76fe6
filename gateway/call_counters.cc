// SPDX-License-Identifier: MIT
#include "gateway/call_counters.h"

#include <algorithm>
#include <tuple>

#include "ec2/operation.h"
#include "iam/api/operation.h"
#include "s3/operation.h"
#include "sts/service.h"

namespace imdsd::gateway {
namespace {

constexpr std::string_view kOther = "other";

}  // namespace

CallCounters::CallCounters() {
  services_[0].name = kOther;
  services_[1].name = "ec2";
  services_[2].name = "iam";
  services_[3].name = "s3";
  services_[4].name = "sts";
  for (const auto action : ec2::operation_names()) services_[1].actions[action];
  for (const auto action : iam::api::operation_names()) services_[2].actions[action];
  for (const auto& operation : s3::operations()) services_[3].actions[operation.name];
  for (const auto action : sts::action_names()) services_[4].actions[action];
}

CallCounters::Counters& CallCounters::find(const AuditRecord& record) noexcept {
  for (Service& service : services_) {
    if (service.name != record.service) continue;
    const auto known = service.actions.find(record.action);
    return known == service.actions.end() ? service.other : known->second;
  }
  return services_.front().other;
}

void CallCounters::count(const AuditRecord& record) noexcept {
  find(record)[static_cast<std::size_t>(outcome_of(record))].fetch_add(1,
                                                                       std::memory_order_relaxed);
}

std::vector<CallCounters::Row> CallCounters::rows() const {
  std::vector<Row> rows;
  const auto add = [&rows](std::string_view service, std::string_view action,
                           const Counters& counters) {
    for (std::size_t i = 0; i < kOutcomes; ++i) {
      const std::uint64_t count = counters[i].load(std::memory_order_relaxed);
      if (count != 0) rows.push_back({service, action, static_cast<Outcome>(i), count});
    }
  };
  for (const Service& service : services_) {
    for (const auto& [action, counters] : service.actions) add(service.name, action, counters);
    add(service.name, kOther, service.other);
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.service, a.action, a.outcome) < std::tie(b.service, b.action, b.outcome);
  });
  return rows;
}

CallCounters::Outcome outcome_of(const AuditRecord& record) noexcept {
  using Outcome = CallCounters::Outcome;
  if (record.status >= 500) return Outcome::server_error;
  const auto& code = record.error_code;
  if (code == "AccessDenied" || code == "UnauthorizedOperation") return Outcome::denied;
  return record.status >= 400 ? Outcome::client_error : Outcome::success;
}

std::string_view to_string(CallCounters::Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"success", "denied", "client_error",
                                                   "server_error"};
  return kNames[static_cast<std::size_t>(outcome)];
}

}  // namespace imdsd::gateway
