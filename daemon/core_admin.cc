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
    const auto state = std::lower_bound(
        states.begin(), states.end(), member.id(),
        [](const auto& s, const std::string& id) { return s.instance.instance_id < id; });
    const bool known = state != states.end() && state->instance.instance_id == member.id();
    const bool has_role = member.profile && member.profile->role;
    auto& status = report.instances.emplace_back(
        instance_status(*member.config, has_role ? member.profile->role->role_name : "",
                        has_role && known ? &*state : nullptr, clock_.now()));
    status.is_default = &member == &fleet->members[fleet->routes->default_instance()];
    if (const auto& counters = member.runtime->counters(); counters != other_counters_) {
      status.counters = counters;
    }
  }
  report.other_counters = other_counters_;
  return report;
}

}  // namespace imdsd::daemon
