// SPDX-License-Identifier: MIT
#include "sts/role_trust.h"

#include <utility>
#include <vector>

#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"

namespace imdsd::sts {
namespace {

using aws::Outcome;
using aws::service_error;
using aws::ServiceError;

constexpr std::string_view kSetSourceIdentity = "sts:SetSourceIdentity";
constexpr std::string_view kTagSession = "sts:TagSession";
constexpr std::string_view kSetContext = "sts:SetContext";

/// A wrong source identity is told as a denial of sts:SetSourceIdentity even where the same
/// condition denies sts:AssumeRole, so that one comes first.
std::vector<std::string_view> actions_of(const RoleAssumption& assumption) {
  std::vector<std::string_view> out;
  if (!assumption.source_identity.empty()) out.push_back(kSetSourceIdentity);
  out.push_back(assumption.action);
  if (!assumption.tags.empty()) out.push_back(kTagSession);
  if (assumption.has_contexts) out.push_back(kSetContext);
  return out;
}

void add_all(const iam::ConditionKeys& from, iam::ConditionKeys& to) {
  for (const auto& [key, values] : from.all()) to.set(key, values);
}

/// Each action has keys of its own
/// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html):
/// sts:RoleSessionName is no key of sts:TagSession, nor aws:RequestTag of sts:SetSourceIdentity.
void add_action_keys(std::string_view action, const RoleAssumption& assumption,
                     iam::ConditionKeys& keys) {
  const bool assumes = action == assumption.action;
  if (assumes) {
    keys.set("sts:RoleSessionName", assumption.session_name);
    add_all(assumption.keys, keys);
  }
  if ((assumes || action == kSetSourceIdentity) && !assumption.source_identity.empty()) {
    keys.set("sts:SourceIdentity", assumption.source_identity);
  }
  if (assumes || action == kTagSession) assumption.tags.add_request_keys(keys);
  if (action == kSetContext && !assumption.context_providers.empty()) {
    keys.set("sts:RequestContextProviders", assumption.context_providers);
  }
}

iam::RequestContext context_of(std::string_view action, const ActionRequest& request,
                               const RoleAssumption& assumption) {
  const iam::Role& role = *assumption.role;
  iam::RequestContext context{
      &assumption.caller, std::string(action), assumption.role_arn, role.account, {}};
  iam::add_caller_keys(assumption.caller, request.now, context.keys);
  iam::add_entity_tags(assumption.caller, *request.authority.directory, context.keys);
  iam::add_request_keys(request.http, request.region, request.now, context.keys);
  add_action_keys(action, assumption, context.keys);
  add_all(assumption.shared_keys, context.keys);
  context.keys.set("aws:ResourceAccount", role.account);
  for (const iam::Tag& tag : role.tags) {
    context.keys.set("aws:ResourceTag/" + tag.key, tag.value);
    context.keys.set("iam:ResourceTag/" + tag.key, tag.value);
  }
  return context;
}

iam::PolicySet policies_for(const ActionRequest& request, const RoleAssumption& assumption) {
  iam::PolicySet policies = iam::policies_of(assumption.caller, *request.authority.directory);
  iam::add_control_policies(request.authority.control_policies, assumption.caller.principal.account,
                            assumption.role->account, policies);
  policies.resource = iam::PolicyPointer(assumption.role, &assumption.role->trust_policy);
  policies.resource_must_allow = true;
  return policies;
}

/// The words of any denial, and of a role that does not exist.
ServiceError denied(std::string_view action, const RoleAssumption& assumption) {
  const iam::RequestContext context{
      &assumption.caller, std::string(action), assumption.role_arn, "", {}};
  return {403, "AccessDenied", iam::access_denied_message(context, iam::Decision())};
}

}  // namespace

Outcome<aws::Arn> parse_role_arn(std::string_view text) {
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->partition.empty() || arn->service.empty() || arn->resource.empty()) {
    return service_error(400, "ValidationError", std::string(text) + " is invalid");
  }
  constexpr std::string_view kRole = "role/";
  if (arn->service != "iam" || !arn->resource.starts_with(kRole) || arn->resource.ends_with('/')) {
    return service_error(400, "ValidationError", "Request ARN is invalid");
  }
  return *arn;
}

std::shared_ptr<const iam::Role> find_role(const aws::Arn& arn, const Authority& authority) {
  const std::string_view resource = arn.resource;
  auto role =
      authority.directory->find<iam::Role>(arn.account, resource.substr(resource.rfind('/') + 1));
  if (role && iam::arn_of(*role, authority.partition) != arn.to_string()) return nullptr;
  return role;
}

std::optional<ServiceError> refuse_assumption(const ActionRequest& request,
                                              const RoleAssumption& assumption,
                                              ActionAnswer& answer) {
  const std::vector<std::string_view> actions = actions_of(assumption);
  if (!assumption.role) return denied(actions.front(), assumption);
  answer.resource = assumption.role_arn.to_string();
  const iam::AuthMode mode = request.authority.mode;
  if (mode == iam::AuthMode::off) return std::nullopt;
  const iam::PolicySet policies = policies_for(request, assumption);
  for (const std::string_view action : actions) {
    const iam::RequestContext context = context_of(action, request, assumption);
    answer.decision = iam::evaluate(policies, context);
    answer.permissions.push_back(iam::permission_of(context, *answer.decision));
    if (answer.decision->allowed()) continue;
    answer.explanation = iam::Explanation(policies, context, *answer.decision);
    if (mode == iam::AuthMode::enforce) return denied(action, assumption);
    answer.would_deny = true;
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace imdsd::sts
