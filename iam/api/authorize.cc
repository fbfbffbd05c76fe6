// SPDX-License-Identifier: MIT
#include "iam/api/authorize.h"

#include <cassert>
#include <utility>

#include "aws/arn.h"
#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/managed_policy_lookup.h"
#include "iam/policies_of.h"
#include "iam/policy_document.h"
#include "iam/request_keys.h"

namespace imdsd::iam::api {
namespace {

void add_tag_keys(const aws::QueryParameters& parameters, ConditionKeys& keys) {
  std::vector<std::string> names;
  for (const Tag& tag : read_tags(parameters)) {
    keys.set("aws:RequestTag/" + tag.key, tag.value);
    names.push_back(tag.key);
  }
  for (std::string& name : read_strings(parameters, "TagKeys")) names.push_back(std::move(name));
  if (!names.empty()) keys.set("aws:TagKeys", std::move(names));
}

void add_target_keys(const Target& target, const std::string& account, ConditionKeys& keys) {
  for (const Tag& tag : target.tags) {
    keys.set("aws:ResourceTag/" + tag.key, tag.value);
    keys.set("iam:ResourceTag/" + tag.key, tag.value);
  }
  if (!target.boundary.empty()) keys.set("iam:PermissionsBoundary", target.boundary);
  keys.set("aws:ResourceAccount", account);
}

PolicySet policies_for(const Caller& caller, const std::string& resource_account,
                       const Directory& directory, const Context& context) {
  PolicySet policies = policies_of(caller, directory);
  add_control_policies(context.control_policies, caller.principal.account, resource_account,
                       policies);
  return policies;
}

/// An account may let all its users change their own passwords, and see what they have to be like
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_enable-user-change.html).
/// As if each had a policy that says so: what denies outweighs it.
void add_password_policy(const Operation& operation, const Caller& caller,
                         const Directory& directory, PolicySet& policies) {
  const std::string_view name = operation.name;
  if (name != "ChangePassword" && name != "GetAccountPasswordPolicy") return;
  const std::string& account_id = caller.principal.account;
  const auto account = directory.find<Account>(account_id, account_id);
  const bool may_change =
      account && account->password_policy && account->password_policy->users_may_change;
  if (!may_change || caller.principal.type != PrincipalType::user) return;
  // Both act on nothing but the caller and its account.
  auto parsed = parse_policy(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":)"
                             R"(["iam:ChangePassword","iam:GetAccountPasswordPolicy"],)"
                             R"("Resource":"*"}})",
                             PolicyKind::identity);
  assert(parsed);
  auto document = std::make_shared<const PolicyDocument>(std::move(parsed->document));
  policies.identity.push_back(std::make_shared<const NamedPolicy>(
      NamedPolicy{"AllowUsersToChangePassword", "", std::move(document)}));
}

Decided explained(const RequestContext& request, const PolicySet& policies) {
  Decided out{evaluate(policies, request), {}, {}};
  out.permission = permission_of(request, out.decision);
  if (!out.decision.allowed()) out.explanation = Explanation(policies, request, out.decision);
  return out;
}

}  // namespace

Decided decide(const Need& need, const Operation& operation, const ActionRequest& request,
               const Directory& directory, const Context& context) {
  const Target& target = need.target;
  const std::string& account = request.caller.principal.account;
  RequestContext decided{&request.caller, need.action, std::nullopt, account, {}};
  if (auto arn = aws::Arn::parse(target.arn)) decided.resource = *std::move(arn);
  add_caller_keys(request.caller, context.now, decided.keys);
  add_entity_tags(request.caller, directory, decided.keys);
  add_request_keys(request.http, request.region, context.now, decided.keys);
  add_tag_keys(request.parameters, decided.keys);
  add_target_keys(target, account, decided.keys);
  if (operation.acts != Acts::on_policy) {
    if (const auto arn = request.parameters.get("PolicyArn")) {
      decided.keys.set("iam:PolicyARN", std::string(*arn));
    }
  }
  if (const auto service = request.parameters.get("AWSServiceName")) {
    decided.keys.set("iam:AWSServiceName", std::string(*service));
  }
  PolicySet policies = policies_for(request.caller, account, directory, context);
  add_password_policy(operation, request.caller, directory, policies);
  return explained(decided, policies);
}

Decided decide_pass_role(const Call& call, const Role& role, std::string_view service) {
  const Caller& caller = call.caller;
  const Context& context = call.context;
  const Directory& directory = *call.directory;
  RequestContext decided{&caller, "iam:PassRole", std::nullopt, role.account, {}};
  if (auto arn = aws::Arn::parse(call.arn(role))) decided.resource = *std::move(arn);
  add_caller_keys(caller, context.now, decided.keys);
  add_entity_tags(caller, directory, decided.keys);
  add_request_keys(call.http, call.region, context.now, decided.keys);
  decided.keys.set("iam:PassedToService", std::string(service));
  decided.keys.set("aws:ResourceAccount", role.account);
  for (const Tag& tag : role.tags) {
    decided.keys.set("aws:ResourceTag/" + tag.key, tag.value);
    decided.keys.set("iam:ResourceTag/" + tag.key, tag.value);
  }
  return explained(decided, policies_for(caller, role.account, directory, context));
}

aws::Outcome<void> require_pass_role(Call& call, const Role& role, std::string_view service) {
  if (call.context.mode == AuthMode::off) return {};
  Decided decided = decide_pass_role(call, role, service);
  call.answer.permissions.push_back(std::move(decided.permission));
  if (decided.decision.allowed()) return {};
  auto error = access_denied(call.caller, "iam:PassRole", call.arn(role), decided.decision);
  call.answer.resource = call.arn(role);
  call.answer.decision = std::move(decided.decision);
  call.answer.explanation = std::move(decided.explanation);
  call.answer.would_deny = call.context.mode == AuthMode::audit;
  if (call.answer.would_deny) return {};
  return tl::unexpected(std::move(error));
}

aws::ServiceError access_denied(const Caller& caller, std::string_view action,
                                std::string_view resource, const Decision& decision) {
  return {
      403, "AccessDenied",
      not_authorized(caller.principal, action, resource) + " " + describe_denial(decision, action)};
}

}  // namespace imdsd::iam::api
