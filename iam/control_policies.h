// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "iam/policy_set.h"

namespace imdsd::iam {

/// What an organization says about an account, declared in the configuration. An account that is
/// not mentioned is bound by neither.
struct AccountControls {
  std::vector<NamedPolicy> service_control;   // SCPs: what the account's users and roles may do
  std::vector<NamedPolicy> resource_control;  // RCPs: what may be done to the account's resources
};

/// By account id. Thread-safe: immutable once published.
using ControlPolicies = std::map<std::string, AccountControls>;

/// Adds those that bind this caller and this resource; to RCPs, AWS's RCPFullAWSAccess as well.
void add_control_policies(const std::shared_ptr<const ControlPolicies>& controls,
                          const std::string& caller_account, const std::string& resource_account,
                          PolicySet& out);

}  // namespace imdsd::iam
