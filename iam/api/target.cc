// SPDX-License-Identifier: MIT
#include "iam/api/target.h"

#include <optional>
#include <utility>

#include "iam/api/linked_roles.h"
#include "iam/api/linked_services.h"
#include "iam/managed_policy_lookup.h"
#include "iam/names.h"

namespace imdsd::iam::api {
namespace {

// What a denial calls an entity, in front of its name.
template <class T>
constexpr std::string_view kNoun = T::kType;
template <>
constexpr std::string_view kNoun<InstanceProfile> = "instance profile";

/// The action that gives tags to what `acts` creates; empty where the request cannot have any.
std::string_view tag_action(Acts acts) {
  switch (acts) {
    case Acts::creating_user:
      return "iam:TagUser";
    case Acts::creating_role:
      return "iam:TagRole";
    case Acts::creating_policy:
      return "iam:TagPolicy";
    case Acts::creating_instance_profile:
      return "iam:TagInstanceProfile";
    case Acts::creating_mfa_device:
      return "iam:TagMFADevice";
    case Acts::creating_oidc_provider:
      return "iam:TagOpenIDConnectProvider";
    case Acts::creating_saml_provider:
      return "iam:TagSAMLProvider";
    default:
      return "";
  }
}

/// What the resource of a call is made from.
class TargetReader {
 public:
  TargetReader(const ActionRequest& request, const Directory& directory, std::string_view partition)
      : request_(request), directory_(directory), partition_(partition) {}

  [[nodiscard]] Target read(Acts acts) const {
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
      case Acts::on_all_policies: {
        Target target = list("policy");
        target.label = "policy path " + (text("PathPrefix").empty() ? "/" : text("PathPrefix"));
        return target;
      }
      case Acts::on_all_instance_profiles:
        return list("instance-profile");
      case Acts::on_all_mfa_devices:
        return list("mfa");
      case Acts::creating_policy:
        return {created(acts), {}, {}, "policy " + text("PolicyName")};
      default:
        return {created(acts), {}, text("PermissionsBoundary")};
    }
  }

  /// What UpdateUser and UpdateGroup make of a user or group; nothing where it stays what it is.
  [[nodiscard]] std::optional<Target> becomes(std::string_view operation) const {
    if (operation == "UpdateUser") return renamed<User>(user_name(), "NewUserName");
    if (operation == "UpdateGroup") return renamed<Group>(text("GroupName"), "NewGroupName");
    return std::nullopt;
  }

 private:
  template <class T>
  [[nodiscard]] std::optional<Target> renamed(const std::string& name,
                                              std::string_view new_name_parameter) const {
    const auto entity = directory_.find<T>(account(), name);
    if (!entity) return std::nullopt;
    const std::string new_path = text("NewPath").empty() ? entity->path : text("NewPath");
    const std::string new_name =
        text(new_name_parameter).empty() ? entity->name : text(new_name_parameter);
    if (new_path == entity->path && new_name == entity->name) return std::nullopt;
    return Target{
        arn(T::kType, new_path, new_name), {}, {}, std::string(kNoun<T>) + " " + new_name};
  }

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
    const std::string label = std::string(kNoun<T>) + " " + name;
    if (!entity) return {arn(T::kType, "/", name), {}, text("PermissionsBoundary"), label};
    Target target{arn_of(*entity, partition_), entity->tags, text("PermissionsBoundary"), label};
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
    Target target{text("PolicyArn"), {}, {}, "policy " + text("PolicyArn")};
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

  /// Of a service that we do not know, any role.
  [[nodiscard]] std::string linked_role() const {
    const std::string service = text("AWSServiceName");
    const LinkedService* const known = find_linked_service(service);
    std::string name = known == nullptr ? "*" : std::string(known->role);
    if (const auto suffix = text("CustomSuffix"); !suffix.empty()) name += "_" + suffix;
    return arn(Role::kType, linked_role_path(service), name);
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
        return linked_role();
      default:
        return "*";
    }
  }

  const ActionRequest& request_;
  const Directory& directory_;
  std::string_view partition_;
};

}  // namespace

std::vector<Need> needs_of(const Operation& operation, const ActionRequest& request,
                           const Directory& directory, std::string_view partition) {
  const TargetReader reader(request, directory, partition);
  std::vector<Need> needs{{"iam:" + std::string(operation.name), reader.read(operation.acts)}};
  const auto with_tags = tag_action(operation.acts);
  if (!with_tags.empty() && !read_tags(request.parameters).empty()) {
    Target created = needs.front().target;
    created.boundary.clear();
    needs.push_back({std::string(with_tags), std::move(created)});
  }
  if (auto becomes = reader.becomes(operation.name)) {
    needs.push_back({needs.front().action, *std::move(becomes)});
  }
  return needs;
}

}  // namespace imdsd::iam::api
