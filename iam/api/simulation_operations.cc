// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
#include <algorithm>
#include <set>

#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/operation.h"
#include "iam/api/paging.h"
#include "iam/api/simulation_input.h"
#include "iam/api/simulation_result.h"
#include "iam/context_keys.h"
#include "iam/simulate.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

constexpr std::size_t kMaxActions = 1000, kMaxDocument = 131'072;
constexpr Parameter kPolicySourceArn{"PolicySourceArn", Shape::arn, 20, 2048};
constexpr Parameter kPolicyInputList{"PolicyInputList", Shape::strings, 0, 1000};
constexpr Parameter kBoundaryInputList{"PermissionsBoundaryPolicyInputList", Shape::strings, 0,
                                       1000};
constexpr Parameter kActionNames{"ActionNames", Shape::strings, 1, kMaxActions};
constexpr Parameter kResourceArns{"ResourceArns", Shape::strings, 0, 1000};
constexpr Parameter kResourcePolicy{"ResourcePolicy", Shape::document, 1, kMaxDocument};
constexpr Parameter kResourceOwner{"ResourceOwner", Shape::text, 1, 2048};
constexpr Parameter kCallerArn{"CallerArn", Shape::arn, 1, 2048};
constexpr Parameter kContextEntries{"ContextEntries", Shape::entries, 0, 1000};
constexpr Parameter kHandlingOption{"ResourceHandlingOption", Shape::text, 1, 64};

/// One result for each action, on all resources.
Outcome<void> write_results(Call& call, Simulation& simulation) {
  auto resources = read_strings(call.parameters, "ResourceArns");
  if (resources.empty()) resources.emplace_back("*");
  const auto write = [&](base::XmlWriter& xml, const std::string& action) {
    std::vector<ResourceResult> results;
    simulation.action = action;
    for (const std::string& resource : resources) {
      simulation.resource = resource;
      results.push_back({resource, simulate(simulation)});
    }
    write_evaluation_result(xml, action, results, call.context.partition);
  };
  std::vector<PageItem> items;
  for (const std::string& action : read_strings(call.parameters, "ActionNames")) {
    if (action.find(':') == std::string::npos) {
      return invalid_input("The action " + action + " is not valid.");
    }
    std::string key = std::to_string(items.size());
    key.insert(0, 8 - std::min<std::size_t>(key.size(), 8), '0');
    items.push_back(
        {std::move(key), [&write, action](base::XmlWriter& xml) { write(xml, action); }});
  }
  return write_page(call, "EvaluationResults", items);
}

Outcome<void> simulate_principal_policy(Call& call) {
  auto source = read_source(call);
  if (!source) return tl::unexpected(std::move(source).error());
  // The caller in whose name a group's or role's policies are tried.
  if (call.has("CallerArn")) {
    auto caller = read_caller(call, "CallerArn");
    if (!caller) return tl::unexpected(std::move(caller).error());
    source->first = *std::move(caller);
  }
  auto simulation = read_simulation(call, std::move(source->first), std::move(source->second));
  if (!simulation) return tl::unexpected(std::move(simulation).error());
  return write_results(call, *simulation);
}

Outcome<void> simulate_custom_policy(Call& call) {
  Caller caller;
  caller.principal.type = PrincipalType::user;
  caller.principal.account = call.account();
  if (call.has("CallerArn")) {
    auto named = read_caller(call, "CallerArn");
    if (!named) return tl::unexpected(std::move(named).error());
    caller = *std::move(named);
  }
  auto simulation = read_simulation(call, std::move(caller), {});
  if (!simulation) return tl::unexpected(std::move(simulation).error());
  return write_results(call, *simulation);
}

void write_key_names(base::XmlWriter& xml, const PolicyList& policies) {
  std::set<std::string> seen;
  xml.open("ContextKeyNames");
  for (const PolicyPointer& policy : policies) {
    for (const std::string& key : context_keys(*policy->document)) {
      if (seen.insert(base::to_lower(key)).second) xml.leaf("member", key);
    }
  }
  xml.close();
}

Outcome<void> context_keys_for_custom_policy(Call& call) {
  auto policies = read_policies(call, "PolicyInputList", PolicyKind::identity);
  if (!policies) return tl::unexpected(std::move(policies).error());
  write_key_names(call.xml, *policies);
  return {};
}

Outcome<void> context_keys_for_principal_policy(Call& call) {
  auto source = read_source(call);
  if (!source) return tl::unexpected(std::move(source).error());
  auto policies = read_policies(call, "PolicyInputList", PolicyKind::identity);
  if (!policies) return tl::unexpected(std::move(policies).error());
  PolicyList all = std::move(source->second.identity);
  for (const PolicyPointer& policy : *policies) all.push_back(policy);
  write_key_names(call.xml, all);
  return {};
}

constexpr std::array kOperations{
    Operation{"SimulatePrincipalPolicy",
              Acts::on_source,
              {required(kPolicySourceArn), optional(kPolicyInputList), optional(kBoundaryInputList),
               required(kActionNames), optional(kResourceArns), optional(kResourcePolicy),
               optional(kResourceOwner), optional(kCallerArn), optional(kContextEntries),
               optional(kHandlingOption), optional(kMarker), optional(kMaxItems)},
              simulate_principal_policy},
    Operation{"SimulateCustomPolicy",
              Acts::on_account,
              {required(kPolicyInputList), optional(kBoundaryInputList), required(kActionNames),
               optional(kResourceArns), optional(kResourcePolicy), optional(kResourceOwner),
               optional(kCallerArn), optional(kContextEntries), optional(kHandlingOption),
               optional(kMarker), optional(kMaxItems)},
              simulate_custom_policy},
    Operation{"GetContextKeysForCustomPolicy",
              Acts::on_account,
              {required(kPolicyInputList)},
              context_keys_for_custom_policy},
    Operation{"GetContextKeysForPrincipalPolicy",
              Acts::on_source,
              {required(kPolicySourceArn), optional(kPolicyInputList)},
              context_keys_for_principal_policy},
};

}  // namespace

std::span<const Operation> simulation_operations() {
  return kOperations;
}

}  // namespace imdsd::iam::api
