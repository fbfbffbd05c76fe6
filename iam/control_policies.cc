// SPDX-License-Identifier: MIT
#include "iam/control_policies.h"

namespace imdsd::iam {

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
  }
}

}  // namespace imdsd::iam
