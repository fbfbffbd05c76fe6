// SPDX-License-Identifier: MIT
#include "console/call.h"

#include <utility>

#include "aws/time_format.h"
#include "iam/caller_keys.h"
#include "iam/control_policies.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"

namespace imdsd::console {

tl::unexpected<Refusal> refuse(int status, std::string code, std::string message) {
  return tl::unexpected(Refusal{status, std::move(code), std::move(message), {}});
}

tl::unexpected<Refusal> refuse(const aws::ServiceError& error) {
  return refuse(error.status, error.code, error.message.value_or(""));
}

iam::Simulation question(const Call& call, const iam::Caller& caller, std::string action,
                         std::string resource) {
  const iam::Directory& directory = *call.authority.directory;
  iam::Simulation simulation;
  simulation.caller = caller;
  simulation.policies = iam::policies_of(caller, directory);
  const std::string& account = caller.principal.account;
  iam::add_control_policies(call.authority.control_policies, account, account, simulation.policies);
  simulation.action = std::move(action);
  simulation.resource = std::move(resource);
  iam::add_request_keys(call.http, call.settings.region, call.now, simulation.keys);
  iam::add_caller_keys(caller, call.now, simulation.keys);
  iam::add_entity_tags(caller, directory, simulation.keys);
  return simulation;
}

bool may(const Call& call, std::string action, std::string resource) {
  if (call.authority.mode != iam::AuthMode::enforce) return true;
  const auto simulation = question(call, call.caller, std::move(action), std::move(resource));
  return iam::simulate(simulation).decision.allowed();
}

tl::unexpected<Refusal> lacks(std::string_view what, const Call& call) {
  return refuse(403, "AccessDenied",
                call.caller.principal.arn + " is not authorized to perform: " + std::string(what));
}

void write_time(iam::JsonWriter& json, std::string_view name,
                const std::optional<base::SystemTime>& time) {
  json.member(name, time ? aws::format_iso8601(*time) : std::string());
}

}  // namespace imdsd::console
