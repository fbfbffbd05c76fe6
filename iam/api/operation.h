// SPDX-License-Identifier: MIT
// IAM's actions as a table: an operation is a row and a short function.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "aws/service_error.h"
#include "iam/api/call.h"
#include "iam/api/parameters.h"

namespace imdsd::iam::api {

/// What an action acts on: the resource of its authorization.
enum class Acts {
  on_account,           // no resource: "*"
  on_user,              // UserName; without one the calling user
  on_caller,            // the calling user, whatever the request says
  on_key_owner,         // the user that AccessKeyId belongs to
  on_device_owner,      // UserName; without one the user that SerialNumber is enabled for
  on_group,             // GroupName
  on_role,              // RoleName
  on_policy,            // PolicyArn
  on_instance_profile,  // InstanceProfileName
  on_mfa_device,        // SerialNumber
  on_oidc_provider,     // OpenIDConnectProviderArn
  on_saml_provider,     // SAMLProviderArn
  on_deletion_task,     // DeletionTaskId: the role that it is about
  on_source,            // PolicySourceArn
  on_all_users,         // PathPrefix
  on_all_groups,
  on_all_roles,
  on_all_policies,
  on_all_instance_profiles,
  on_all_mfa_devices,
  creating_user,  // Path and UserName
  creating_group,
  creating_role,
  creating_policy,
  creating_instance_profile,
  creating_mfa_device,     // Path and VirtualMFADeviceName
  creating_oidc_provider,  // Url
  creating_saml_provider,  // Name
  creating_linked_role,    // AWSServiceName
};

inline constexpr std::size_t kMaxUses = 12;

struct Operation {
  std::string_view name;
  Acts acts = Acts::on_account;
  std::array<Use, kMaxUses> uses{};  // up to the first without a parameter
  aws::Outcome<void> (*run)(Call&) = nullptr;
  /// Answers with {Name}Result around what `run` writes; without it with metadata alone.
  bool has_result = true;

  [[nodiscard]] std::span<const Use> parameters() const {
    std::size_t count = 0;
    while (count < uses.size() && uses[count].parameter != nullptr) ++count;
    return {uses.data(), count};
  }
};

[[nodiscard]] constexpr Use required(const Parameter& parameter) {
  return {&parameter, true};
}
[[nodiscard]] constexpr Use optional(const Parameter& parameter) {
  return {&parameter, false};
}

/// Null for an action that there is not.
[[nodiscard]] const Operation* find_operation(std::string_view name);
[[nodiscard]] std::vector<std::string_view> operation_names();

// The rows, one table a family of entities.
[[nodiscard]] std::span<const Operation> user_operations();
[[nodiscard]] std::span<const Operation> access_key_operations();
[[nodiscard]] std::span<const Operation> login_operations();
[[nodiscard]] std::span<const Operation> mfa_operations();
[[nodiscard]] std::span<const Operation> group_operations();
[[nodiscard]] std::span<const Operation> role_operations();
[[nodiscard]] std::span<const Operation> inline_policy_operations();
[[nodiscard]] std::span<const Operation> attachment_operations();
[[nodiscard]] std::span<const Operation> managed_policy_operations();
[[nodiscard]] std::span<const Operation> instance_profile_operations();
[[nodiscard]] std::span<const Operation> provider_operations();
[[nodiscard]] std::span<const Operation> account_operations();
[[nodiscard]] std::span<const Operation> simulation_operations();

}  // namespace imdsd::iam::api
