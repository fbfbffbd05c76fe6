// SPDX-License-Identifier: MIT
#include "daemon/config_controls.h"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/config_policy.h"
#include "iam/resource_control_policy.h"

namespace imdsd::daemon {
namespace {

bool allows_something(const iam::NamedPolicy& policy) {
  const auto& statements = policy.document->statements;
  return std::any_of(statements.begin(), statements.end(), [](const iam::Statement& statement) {
    return statement.effect == iam::Effect::allow;
  });
}

/// In AWS, too, FullAWSAccess can be taken away, and then an account may do nothing
/// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
void warn_of_lockout(const ConfigSection& account, const std::vector<iam::NamedPolicy>& policies,
                     const ConfigContext& context) {
  const std::string key = "service_control";
  const ConfigNode* const node = account.find(key);
  if (node == nullptr || policies.empty() ||
      std::any_of(policies.begin(), policies.end(), allows_something)) {
    return;
  }
  context.warnings.push_back(
      {node->at, account.path_of(key),
       "no service control policy of the account allows anything: all that its users, roles and "
       "root ask for is denied; beside policies that deny, AWS has FullAWSAccess, which allows "
       "`*`"});
}

}  // namespace

iam::AccountControls read_controls(const ConfigSection& account, const ConfigContext& context) {
  iam::AccountControls out;
  out.service_control =
      read_policies(account, "service_control", iam::PolicyKind::identity, context);
  out.resource_control = read_policies(account, "resource_control", iam::PolicyKind::resource,
                                       context, iam::check_resource_control);
  warn_of_lockout(account, out.service_control, context);
  return out;
}

}  // namespace imdsd::daemon
