// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "daemon/admin_route.h"
#include "daemon/container_plan.h"
#include "sts_client/rotator.h"

namespace imdsd::daemon {

/// What the admin socket tells of the doors for containers. It has no place for a secret: tokens
/// are named by their files.
struct ContainerReport {
  std::string ecs_endpoint, eks_endpoint;  // "http://127.0.0.1:1341"; empty: the door is closed
  std::shared_ptr<const ContainerPlan> plan;
  std::vector<std::string> token_files;  // of plan->associations, in their order
  std::vector<sts_client::RotationState> rotation;
  base::SystemTime now;
};

/// The body of GET /v1/containers; docs/admin.md is its contract.
[[nodiscard]] std::string containers_json(const ContainerReport& report);

struct ContainerActions {
  std::function<ContainerReport()> report;
  /// The document of a credential_process, of an instance (empty: the default one), or of another
  /// role that it may assume.
  std::function<base::Result<std::string>(const std::string& instance, const std::string& role)>
      process_credentials;
  /// Told of what was handed out.
  std::function<void(const std::string& instance, const std::string& access_key_id,
                     const base::HttpRequest& request)>
      delivered;
};

[[nodiscard]] std::vector<AdminRoute> container_routes(ContainerActions actions);

}  // namespace imdsd::daemon
