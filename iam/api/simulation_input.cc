// SPDX-License-Identifier: MIT
#include "iam/api/simulation_input.h"

#include "aws/arn.h"
#include "iam/api/errors.h"
#include "iam/api/parameters.h"
#include "iam/caller_keys.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

ConditionKeys read_context(const Call& call) {
  ConditionKeys keys;
  for (const auto& entry : call.parameters.list("ContextEntries")) {
    const std::string name(entry.get("ContextKeyName").value_or(""));
    if (!name.empty()) keys.set(name, read_strings(entry, "ContextKeyValues"));
  }
  return keys;
}

/// Fills in the keys of the caller that the request does not give.
void add_own_keys(const Call& call, Simulation& simulation) {
  ConditionKeys own;
  add_caller_keys(simulation.caller, call.context.now, own);
  add_entity_tags(simulation.caller, *call.directory, own);
  add_time_keys(call.context.now, own);
  for (const auto& [key, values] : own.all()) {
    if (simulation.keys.find(key) == nullptr) simulation.keys.set(key, values);
  }
}

/// Better refused than a simulation that leaves them out.
Outcome<void> check_served(const Call& call) {
  for (const std::string_view name :
       {"PolicyExclusionList", "OrderedOrganizationPolicyInputList"}) {
    if (call.parameters.list(name).empty()) continue;
    return invalid_input("imdsd does not simulate with " + std::string(name) +
                         ". The control policies of its configuration are taken into account.");
  }
  return {};
}

}  // namespace

aws::Outcome<PolicyList> read_policies(const Call& call, std::string_view list, PolicyKind kind) {
  PolicyList out;
  std::size_t number = 0;
  for (const std::string& text : read_strings(call.parameters, list)) {
    auto parsed = parse_policy(text, kind);
    if (!parsed) return invalid_input(parsed.error().message);
    out.push_back(std::make_shared<const NamedPolicy>(
        NamedPolicy{std::string(list) + "." + std::to_string(++number), "",
                    std::make_shared<const PolicyDocument>(std::move(parsed->document))}));
  }
  return out;
}

aws::Outcome<Caller> read_caller(const Call& call, std::string_view parameter) {
  auto caller = caller_of_arn(call.text(parameter), *call.directory);
  if (caller) return *std::move(caller);
  const std::string arn = call.text(parameter);
  if (caller.error().code == base::Errc::not_found) {
    return no_such_entity("The policy source " + arn + " cannot be found.");
  }
  return invalid_input("Invalid Entity Arn: " + arn +
                       " does not clearly define entity type and "
                       "name.");
}

aws::Outcome<std::pair<Caller, PolicySet>> read_source(const Call& call) {
  const auto arn = aws::Arn::parse(call.text("PolicySourceArn"));
  if (arn && arn->service == "iam" && arn->resource.starts_with("group/")) {
    const std::string name = arn->resource.substr(arn->resource.rfind('/') + 1);
    const auto group = call.directory->find<Group>(arn->account, name);
    if (!group) return cannot_be_found("group", name);
    PolicySet policies;
    add_policies(group, *call.directory, policies);
    Caller member;
    member.principal.type = PrincipalType::user;
    member.principal.account = arn->account;
    return std::pair(std::move(member), std::move(policies));
  }
  auto caller = read_caller(call, "PolicySourceArn");
  if (!caller) return tl::unexpected(std::move(caller).error());
  PolicySet policies = policies_of(*caller, *call.directory);
  add_control_policies(call.context.control_policies, caller->principal.account,
                       caller->principal.account, policies);
  // Resource control policies are not simulated
  // (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html).
  policies.resource_control.reset();
  return std::pair(*std::move(caller), std::move(policies));
}

aws::Outcome<Simulation> read_simulation(const Call& call, Caller caller, PolicySet policies) {
  if (auto served = check_served(call); !served) return tl::unexpected(std::move(served).error());
  Simulation out;
  out.caller = std::move(caller);
  out.policies = std::move(policies);
  auto input = read_policies(call, "PolicyInputList", PolicyKind::identity);
  if (!input) return tl::unexpected(std::move(input).error());
  for (const PolicyPointer& policy : *input) out.policies.identity.push_back(policy);
  auto boundary = read_policies(call, "PermissionsBoundaryPolicyInputList", PolicyKind::boundary);
  if (!boundary) return tl::unexpected(std::move(boundary).error());
  if (boundary->size() > 1) return invalid_input("There can be one permissions boundary.");
  if (!boundary->empty()) out.policies.boundary = (*boundary)[0];
  if (call.has("ResourcePolicy")) {
    auto parsed = parse_policy(call.text("ResourcePolicy"), PolicyKind::resource);
    if (!parsed) return invalid_input(parsed.error().message);
    out.policies.resource = std::make_shared<const NamedPolicy>(NamedPolicy{
        "ResourcePolicy", "", std::make_shared<const PolicyDocument>(std::move(parsed->document))});
  }
  const auto owner = aws::Arn::parse(call.text("ResourceOwner"));
  out.resource_owner = owner ? owner->account : call.text("ResourceOwner");
  out.keys = read_context(call);
  add_own_keys(call, out);
  return out;
}

}  // namespace imdsd::iam::api
