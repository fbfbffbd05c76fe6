// SPDX-License-Identifier: MIT
#include "iam/permission.h"

namespace imdsd::iam {

Permission permission_of(const RequestContext& request, const Decision& decision) {
  const auto* const passed_to = request.keys.find("iam:PassedToService");
  return {request.action, request.resource ? request.resource->to_string() : "",
          passed_to != nullptr && !passed_to->empty() ? passed_to->front() : "",
          decision.allowed()};
}

}  // namespace imdsd::iam
