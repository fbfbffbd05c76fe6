// SPDX-License-Identifier: MIT
#include "iam/api/find.h"

#include "aws/arn.h"
#include "iam/api/errors.h"
#include "iam/managed_policy_lookup.h"

namespace imdsd::iam::api {
namespace {

template <class T>
aws::Outcome<std::shared_ptr<const T>> find_named(const Call& call, const Directory& directory,
                                                  std::string_view kind, const std::string& name) {
  auto entity = directory.find<T>(call.account(), name);
  if (!entity) return cannot_be_found(kind, name);
  return entity;
}

}  // namespace

bool is_about_root(const Call& call) {
  return !call.has("UserName") && call.caller.principal.type == PrincipalType::account_root;
}

aws::Outcome<std::string> user_name(const Call& call) {
  if (call.has("UserName")) return call.text("UserName");
  if (call.caller.principal.type == PrincipalType::user) return call.caller.principal.name;
  return validation_error("Must specify userName when calling with non-User credentials");
}

aws::Outcome<std::shared_ptr<const User>> find_user(const Call& call, const Directory& directory) {
  auto name = user_name(call);
  if (!name) return tl::unexpected(std::move(name).error());
  return find_named<User>(call, directory, "user", *name);
}

aws::Outcome<std::shared_ptr<const Group>> find_group(const Call& call,
                                                      const Directory& directory) {
  return find_named<Group>(call, directory, "group", call.text("GroupName"));
}

aws::Outcome<std::shared_ptr<const Role>> find_role(const Call& call, const Directory& directory) {
  return find_named<Role>(call, directory, "role", call.text("RoleName"));
}

aws::Outcome<std::shared_ptr<const InstanceProfile>> find_instance_profile(
    const Call& call, const Directory& directory) {
  const std::string name = call.text("InstanceProfileName");
  auto profile = directory.find<InstanceProfile>(call.account(), name);
  if (!profile) return no_such_entity("Instance Profile " + name + " cannot be found.");
  return profile;
}

aws::Outcome<std::shared_ptr<const MfaDevice>> find_mfa_device(const Call& call,
                                                               const Directory& directory) {
  const std::string serial = call.text("SerialNumber");
  auto device = directory.find_by_id<MfaDevice>(serial);
  if (!device || device->account != call.account()) {
    return no_such_entity("MFA Device with serial number " + serial + " does not exist.");
  }
  return device;
}

std::shared_ptr<const Account> find_account(const Call& call, const Directory& directory) {
  return directory.find<Account>(call.account(), call.account());
}

aws::Outcome<void> check_policy_arn(const Call& call) {
  const std::string text = call.text("PolicyArn");
  // People pass names, which have an error of their own.
  if (!text.starts_with("arn:")) return validation_error("ARN " + text + " is not valid.");
  const auto arn = aws::Arn::parse(text);
  if (!arn) return validation_error("Invalid ARN:  Could not be parsed!");
  if (arn->partition != call.context.partition) return validation_error("Invalid ARN partition");
  if (arn->service != "iam" || !arn->resource.starts_with("policy/")) {
    return invalid_input("ARN " + text + " is not valid.");
  }
  return {};
}

aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_policy(const Call& call,
                                                               const Directory& directory) {
  if (auto valid = check_policy_arn(call); !valid) return tl::unexpected(std::move(valid).error());
  const std::string arn = call.text("PolicyArn");
  auto policy = find_attachable_policy(directory, call.account(), arn);
  if (!policy) return no_such_entity("Policy " + arn + " was not found.");
  return policy;
}

aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_own_policy(const Call& call,
                                                                   const Directory& directory,
                                                                   std::string_view attempt) {
  auto policy = find_policy(call, directory);
  if (policy && (*policy)->account != call.account()) {
    return aws::service_error(403, "AccessDenied",
                              "Cannot " + std::string(attempt) + " outside your own account.");
  }
  return policy;
}

aws::Outcome<std::shared_ptr<const ManagedPolicy>> find_own_policy(const Call& call,
                                                                   const Directory& directory) {
  auto policy = find_policy(call, directory);
  if (policy && (*policy)->account != call.account()) {
    return aws::service_error(403, "AccessDenied",
                              "User: " + call.caller.principal.arn +
                                  " is not authorized to change " + call.text("PolicyArn"));
  }
  return policy;
}

}  // namespace imdsd::iam::api
