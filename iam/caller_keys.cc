// SPDX-License-Identifier: MIT
#include "iam/caller_keys.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "aws/time_format.h"

namespace imdsd::iam {
namespace {

/// Empty for the kinds of principal that have no aws:PrincipalType.
std::string_view type_name(PrincipalType type) {
  switch (type) {
    case PrincipalType::account_root:
      return "Account";
    case PrincipalType::user:
      return "User";
    case PrincipalType::assumed_role:
      return "AssumedRole";
    case PrincipalType::federated_user:
      return "FederatedUser";
    case PrincipalType::anonymous:
      return "Anonymous";
    case PrincipalType::service:
    case PrincipalType::web_identity:
    case PrincipalType::saml:
      return "";
  }
  return "";
}

void set_unless_empty(std::string_view key, std::string_view value, ConditionKeys& keys) {
  if (!value.empty()) keys.set(key, std::string(value));
}

void add_principal_keys(const Principal& principal, ConditionKeys& keys) {
  const bool is_service = principal.type == PrincipalType::service;
  keys.set("aws:PrincipalIsAWSService", std::string(is_service ? "true" : "false"));
  if (is_service) keys.set("aws:PrincipalServiceName", principal.name);
  // True only of a service that passes a call on with the principal's own identity, which none does
  // here; a service that calls as itself is not meant. Always there: AWS's example of a denial by
  // address asks for "false"
  // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
  keys.set("aws:ViaAWSService", std::string("false"));
  set_unless_empty("aws:PrincipalType", type_name(principal.type), keys);
  set_unless_empty("aws:PrincipalArn", principal.entity_arn, keys);
  set_unless_empty("aws:PrincipalAccount", principal.account, keys);
  const bool is_anonymous = principal.type == PrincipalType::anonymous;
  set_unless_empty("aws:userid", is_anonymous ? "anonymous" : principal.user_id, keys);
  if (principal.type == PrincipalType::user) {
    set_unless_empty("aws:username", principal.name, keys);
  }
}

std::string age(base::SystemTime since, base::SystemTime now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now - since);
  return std::to_string(std::max(seconds, std::chrono::seconds(0)).count());
}

void add_session_keys(const Session& session, base::SystemTime now, ConditionKeys& keys) {
  keys.set("aws:TokenIssueTime", aws::format_iso8601(session.issued));
  // Long-term keys have neither: that is why policies say BoolIfExists.
  keys.set("aws:MultiFactorAuthPresent", std::string(session.mfa_time ? "true" : "false"));
  if (session.mfa_time) keys.set("aws:MultiFactorAuthAge", age(*session.mfa_time, now));
  for (const auto& [key, value] : session.tags) keys.set("aws:PrincipalTag/" + key, value);
  for (const auto& [key, values] : session.provider_keys) keys.set(key, values);
  if (session.assumed_root) keys.set("aws:AssumedRoot", std::string("true"));
  set_unless_empty("aws:SourceIdentity", session.source_identity, keys);
  set_unless_empty("ec2:SourceInstanceARN", session.source_instance_arn, keys);
  if (session.role_delivery) {
    keys.set("ec2:RoleDelivery",
             std::string(*session.role_delivery == RoleDelivery::imdsv1 ? "1.0" : "2.0"));
  }
}

}  // namespace

void add_caller_keys(const Caller& caller, base::SystemTime now, ConditionKeys& keys) {
  add_principal_keys(caller.principal, keys);
  if (caller.session) add_session_keys(*caller.session, now, keys);
}

void add_entity_tags(const Caller& caller, const Directory& directory, ConditionKeys& keys) {
  const auto add = [&](const std::vector<Tag>& tags) {
    for (const Tag& tag : tags) {
      const std::string key = "aws:PrincipalTag/" + tag.key;
      if (keys.find(key) == nullptr) keys.set(key, tag.value);
    }
  };
  const std::string& id = caller.principal.entity_id;
  const PrincipalType type = caller.principal.type;
  if (type == PrincipalType::user || type == PrincipalType::federated_user) {
    if (const auto user = directory.find_by_id<User>(id)) add(user->tags);
  } else if (type == PrincipalType::assumed_role) {
    if (const auto role = directory.find_by_id<Role>(id)) add(role->tags);
  }
}

}  // namespace imdsd::iam
