// SPDX-License-Identifier: MIT
#include "iam/control_policies.h"

#include <cassert>
#include <utility>

namespace imdsd::iam {
namespace {

/// Attached to every account and not to be detached, so that other resource control policies need
/// only deny
/// (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html).
const PolicyPointer& full_access() {
  static const PolicyPointer policy = [] {
    auto parsed = parse_policy(R"({
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
})",
                               PolicyKind::resource);
    assert(parsed);
    return std::make_shared<const NamedPolicy>(
        NamedPolicy{"RCPFullAWSAccess",
                    "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
                    std::make_shared<const PolicyDocument>(std::move(parsed->document))});
  }();
  return policy;
}

}  // namespace

void add_control_policies(const std::shared_ptr<const ControlPolicies>& controls,
                          const std::string& caller_account, const std::string& resource_account,
                          PolicySet& out) {
  // An account with one kind of policy is not bound by the other.
  const auto service = controls->find(caller_account);
  if (service != controls->end() && !service->second.service_control.empty()) {
    append(out.service_control.emplace(), controls, service->second.service_control);
  }
  const auto resource = controls->find(resource_account);
  if (resource != controls->end() && !resource->second.resource_control.empty()) {
    append(out.resource_control.emplace(), controls, resource->second.resource_control);
    out.resource_control->push_back(full_access());
  }
}

}  // namespace imdsd::iam
