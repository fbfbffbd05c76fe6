// SPDX-License-Identifier: MIT
#include "sts/authorize_action.h"

#include <utility>

#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/policies_of.h"
#include "iam/request_keys.h"

namespace imdsd::sts {

std::optional<aws::ServiceError> refuse_action(const ActionRequest& request,
                                               const OwnAction& action, ActionAnswer& answer) {
  const Authority& authority = request.authority;
  const std::string& account = request.caller.principal.account;
  if (action.resource) answer.resource = action.resource->to_string();
  if (authority.mode == iam::AuthMode::off) return std::nullopt;
  iam::RequestContext context{
      &request.caller, std::string(action.name), action.resource, account, {}};
  iam::add_caller_keys(request.caller, request.now, context.keys);
  iam::add_entity_tags(request.caller, *authority.directory, context.keys);
  iam::add_request_keys(request.http, request.region, request.now, context.keys);
  context.keys.set("aws:ResourceAccount", account);
  for (const auto& [key, values] : action.keys.all()) context.keys.set(key, values);
  iam::PolicySet policies = iam::policies_of(request.caller, *authority.directory);
  iam::add_control_policies(authority.control_policies, account, account, policies);
  answer.decision = iam::evaluate(policies, context);
  answer.permissions.push_back(iam::permission_of(context, *answer.decision));
  if (answer.decision->allowed()) return std::nullopt;
  answer.explanation = iam::Explanation(policies, context, *answer.decision);
  if (authority.mode == iam::AuthMode::enforce) {
    return aws::ServiceError{403, "AccessDenied",
                             iam::access_denied_message(context, *answer.decision)};
  }
  answer.would_deny = true;
  return std::nullopt;
}

}  // namespace imdsd::sts
