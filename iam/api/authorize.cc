// SPDX-License-Identifier: MIT
#include "iam/api/authorize.h"

#include <cassert>
#include <utility>

#include "aws/arn.h"
#include "iam/caller_keys.h"
#include "iam/describe_denial.h"
#include "iam/explain.h"
#include "iam/managed_policy_lookup.h"
#include "iam/names.h"
#include "iam/policies_of.h"
#include "iam/policy_document.h"
#include "iam/request_keys.h"

namespace imdsd::iam::api {
namespace {

/// What the resource of a call is made from.
class TargetReader {
 public:
  TargetReader(const ActionRequest& request, const Directory& directory, std::string_view partition)
      : request_(request), directory_(directory), partition_(partition) {}

  Target read(Acts acts) {
    switch (acts) {
      case Acts::on_account:
        return {"*", {}, {}};
      case Acts::on_user:
        return user();
      case Acts::on_caller:
        return existing<User>(request_.caller.principal.name);
      case Acts::on_key_owner:
        return key_owner();
      case Acts::on_device_owner:
        return device_owner();
      case Acts::on_group:
        return existing<Group>(text("GroupName"));
      case Acts::on_role:
        return existing<Role>(text("RoleName"));
      case Acts::on_instance_profile:
        return existing<InstanceProfile>(text("InstanceProfileName"));
      case Acts::on_policy:
        return policy();
      case Acts::on_mfa_device:
        return by_arn<MfaDevice>("SerialNumber");
      case Acts::on_oidc_provider:
        return by_arn<OidcProvider>("OpenIDConnectProviderArn");
      case Acts::on_saml_provider:
        return by_arn<SamlProvider>("SAMLProviderArn");
      case Acts::on_deletion_task:
        return deletion_task();
      case Acts::on_source:
        return {text("PolicySourceArn"), {}, {}};
      case Acts::on_all_users:
        return list("user");
      case Acts::on_all_groups:
        return list("group");
      case Acts::on_all_roles:
        return list("role");
      case Acts::on_all_policies:
        return list("policy");
      case Acts::on_all_instance_profiles:
        return list("instance-profile");
      case Acts::on_all_mfa_devices:
        return list("mfa");
      default:
        return {created(acts), {}, text("PermissionsBoundary")};
    }
  }

 private:
  [[nodiscard]] std::string text(std::string_view name) const {
    return std::string(request_.parameters.get(name).value_or(""));
  }
  [[nodiscard]] const std::string& account() const { return request_.caller.principal.account; }
  [[nodiscard]] std::string user_name() const {
    return text("UserName").empty() ? request_.caller.principal.name : text("UserName");
  }
  [[nodiscard]] std::string arn(std::string_view type, std::string_view path,
                                std::string_view name) const {
    return make_arn(partition_, account(), type, path, name);
  }
  [[nodiscard]] std::string path() const {
    const auto given = request_.parameters.get("Path");
    return given && !given->empty() ? std::string(*given) : "/";
  }

  [[nodiscard]] Target user() const {
    const bool is_root = request_.caller.principal.type == PrincipalType::account_root;
    if (is_root && text("UserName").empty()) return {request_.caller.principal.arn, {}, {}};
    return existing<User>(user_name());
  }

  template <class T>
  [[nodiscard]] Target existing(const std::string& name) const {
    const auto entity = directory_.find<T>(account(), name);
    if (!entity) return {arn(T::kType, "/", name), {}, text("PermissionsBoundary")};
    Target target{arn_of(*entity, partition_), entity->tags, text("PermissionsBoundary")};
    if constexpr (std::is_same_v<T, User> || std::is_same_v<T, Role>) {
      if (target.boundary.empty()) target.boundary = entity->boundary;
    }
    return target;
  }

  [[nodiscard]] Target key_owner() const {
    const auto owner = directory_.find_access_key(text("AccessKeyId"));
    if (!owner || owner->user->account != account()) return {"*", {}, {}};
    return existing<User>(owner->user->name);
  }

  [[nodiscard]] Target device_owner() const {
    const auto device = directory_.find_by_id<MfaDevice>(text("SerialNumber"));
    const auto owner = device && device->account == account() && text("UserName").empty()
                           ? directory_.find_by_id<User>(device->user_id)
                           : nullptr;
    return existing<User>(owner ? owner->name : user_name());
  }

  [[nodiscard]] Target policy() const {
    Target target{text("PolicyArn"), {}, {}};
    if (const auto policy = find_customer_policy(directory_, target.arn)) {
      target.tags = policy->tags;
    }
    return target;
  }

  /// Of entities whose unique id is their ARN.
  template <class T>
  [[nodiscard]] Target by_arn(std::string_view parameter) const {
    Target target{text(parameter), {}, {}};
    if (const auto entity = directory_.find_by_id<T>(target.arn)) target.tags = entity->tags;
    return target;
  }

  /// "task/aws-service-role/SERVICE/NAME/UUID"
  [[nodiscard]] Target deletion_task() const {
    const std::string task = text("DeletionTaskId");
    const std::size_t begin = task.find('/');
    const std::size_t end = task.rfind('/');
    if (begin == end) return {arn(Role::kType, "/", "*"), {}, {}};
    return {arn(Role::kType, task.substr(begin, end - begin), ""), {}, {}};
  }

  /// "…:role/" and the path prefix behind it.
  [[nodiscard]] Target list(std::string_view type) const {
    const std::string prefix = text("PathPrefix");
    return {arn(type, prefix.empty() ? "/" : prefix, ""), {}, {}};
  }

  [[nodiscard]] std::string created(Acts acts) const {
    switch (acts) {
      case Acts::creating_user:
        return arn(User::kType, path(), text("UserName"));
      case Acts::creating_group:
        return arn(Group::kType, path(), text("GroupName"));
      case Acts::creating_role:
        return arn(Role::kType, path(), text("RoleName"));
      case Acts::creating_policy:
        return arn(ManagedPolicy::kType, path(), text("PolicyName"));
      case Acts::creating_instance_profile:
        return arn(InstanceProfile::kType, path(), text("InstanceProfileName"));
      case Acts::creating_mfa_device:
        return arn(MfaDevice::kType, path(), text("VirtualMFADeviceName"));
      case Acts::creating_oidc_provider:
        return arn(OidcProvider::kType, "/", oidc_provider_name(text("Url")));
      case Acts::creating_saml_provider:
        return arn(SamlProvider::kType, "/", text("Name"));
      case Acts::creating_linked_role:
        return arn(Role::kType, "/aws-service-role/" + text("AWSServiceName") + "/", "*");
      default:
        return "*";
    }
  }

  const ActionRequest& request_;
  const Directory& directory_;
  std::string_view partition_;
};

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

Target target_of(const Operation& operation, const ActionRequest& request,
                 const Directory& directory, std::string_view partition) {
  return TargetReader(request, directory, partition).read(operation.acts);
}

Decided decide(const Operation& operation, const ActionRequest& request, const Target& target,
               const Directory& directory, const Context& context) {
  const std::string& account = request.caller.principal.account;
  RequestContext decided{
      &request.caller, "iam:" + std::string(operation.name), std::nullopt, account, {}};
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
  for (const Tag& tag : role.tags) decided.keys.set("aws:ResourceTag/" + tag.key, tag.value);
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
