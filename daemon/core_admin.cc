// SPDX-License-Identifier: MIT
// The part of Core that the admin socket asks: status, explanations, certificates.
#include <algorithm>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "aws/time_format.h"
#include "daemon/core.h"
#include "iam/caller_keys.h"
#include "iam/explain.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"
#include "iam/simulate.h"
#include "sts/authorization_message.h"

namespace imdsd::daemon {
namespace {

/// INVARIANT: the JSON of a denial has both members.
std::string encoded_message(const iam::Explanation& denial, const sts::KeyRing& ring,
                            base::Random& random) {
  const auto json = nlohmann::ordered_json::parse(denial.json());
  return sts::seal_authorization_message(json.at("authorizationMessage").dump(),
                                         json.at("account").get<std::string>(), ring, random);
}

/// Of states sorted by id; null: there is none.
const sts_client::RotationState* find_state(const std::vector<sts_client::RotationState>& states,
                                            const std::string& id) {
  const auto found = std::lower_bound(
      states.begin(), states.end(), id,
      [](const auto& state, const std::string& name) { return state.instance.instance_id < name; });
  return found == states.end() || found->instance.instance_id != id ? nullptr : &*found;
}

/// With its request, which may have been asked for as the last one.
std::string denial_json(const gateway::RecentDenials::Entry& denial) {
  nlohmann::ordered_json out{{"requestId", denial.request_id},
                             {"time", aws::format_iso8601(denial.time)}};
  out.update(nlohmann::ordered_json::parse(denial.explanation.json()));
  return out.dump(2) + "\n";
}

std::string denial_text(const gateway::RecentDenials::Entry& denial) {
  return denial.explanation.text() + "request " + denial.request_id + " at " +
         aws::format_iso8601(denial.time) + "\n";
}

tl::unexpected<base::Error> no_denial(const std::string& request_id) {
  const std::string kept = std::to_string(gateway::RecentDenials::kKept);
  return base::fail(base::Errc::not_found,
                    request_id.empty()
                        ? "nothing was denied since the start"
                        : "request `" + request_id +
                              "` is not among the last denials; only denials are kept, and " +
                              kept + " of them");
}

}  // namespace

base::Result<IdentityCertificates> Core::identity_certificates() const {
  const auto published = published_.load();
  IMDSD_TRY(const auto keys, published->signer->keys());
  return IdentityCertificates{published->aws.region, keys};
}

base::Result<std::string> Core::explain(const ExplainQuery& query) const {
  if (query.caller.empty()) {
    const auto denial = denials_.find(query.request_id);
    if (!denial) return no_denial(query.request_id);
    if (query.encoded) {
      return encoded_message(denial->explanation, *ring_.load(), random_) + "\n";
    }
    return query.json ? denial_json(*denial) : denial_text(*denial);
  }
  const auto authority = authority_.load();
  iam::Simulation simulation;
  IMDSD_TRY(simulation.caller, iam::caller_of_arn(query.caller, *authority->directory));
  const iam::Caller& caller = simulation.caller;
  simulation.policies = iam::policies_of(caller, *authority->directory);
  iam::add_control_policies(authority->control_policies, caller.principal.account,
                            caller.principal.account, simulation.policies);
  simulation.action = query.action;
  simulation.resource = query.resource;
  for (const auto& [key, value] : query.keys) simulation.keys.set(key, value);
  iam::add_caller_keys(caller, clock_.now(), simulation.keys);
  iam::add_entity_tags(caller, *authority->directory, simulation.keys);
  iam::add_time_keys(clock_.now(), simulation.keys);
  const auto result = iam::simulate(simulation);
  return query.json ? iam::explain_json(simulation.policies, result.request, result.decision) + "\n"
                    : iam::explain(simulation.policies, result.request, result.decision);
}

base::Result<StatusReport> Core::status(const std::string& instance) const {
  const auto fleet = published_.load();
  const FleetMember* only = nullptr;
  if (!instance.empty()) {
    IMDSD_TRY(only, fleet->find(instance));
  }
  const auto states = rotator_.states();  // by id
  StatusReport report;
  report.started = started_;
  report.auth_mode = fleet->mode;
  report.imds_options = fleet->options;
  report.routes = fleet->rules;
  report.account_id = fleet->aws.account_id;
  report.region = fleet->aws.region;
  const auto* const first = only != nullptr ? only : fleet->members.data();
  const std::size_t count = only != nullptr ? 1 : fleet->members.size();
  for (const auto& member : std::span(first, count)) {
    const auto* const state = find_state(states, member.id());
    const bool has_role = member.profile && member.profile->role;
    auto& status = report.instances.emplace_back(
        instance_status(*member.config, has_role ? member.profile->role->role_name : "",
                        has_role ? state : nullptr, clock_.now()));
    status.is_default = &member == &fleet->members[fleet->routes->default_instance()];
    if (const auto& counters = member.runtime->counters(); counters != other_counters_) {
      status.counters = counters;
    }
  }
  report.other_counters = other_counters_;
  if (only != nullptr) return report;
  for (const auto& [id, holder] : containers_.plan()->holders) {
    const bool pod = holder.role.service.principal == containers::kPodIdentityPrincipal;
    report.holders.push_back(
        holder_status(pod ? "eks" : "ecs", holder.role, find_state(states, id), clock_.now()));
  }
  return report;
}

}  // namespace imdsd::daemon
