// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/admin_route.h"
#include "gateway/seen_permissions.h"

namespace imdsd::daemon {

/// GET /v1/policy: the least policy for what a principal was seen to do.
struct PolicyQuery {
  std::string principal;  // its ARN, or that of a session
  bool denied = false;    // with what it was denied
  bool exact = false;     // each resource by itself, however many

  /// Errc::invalid_argument names what is wrong or missing.
  [[nodiscard]] static base::Result<PolicyQuery> parse(std::string_view query);
};

/// Where calls are remembered.
struct AuditedCalls {
  const gateway::SeenPermissions& seen;
  std::string file;  // audit.file; empty: none
};

/// {"principal", "policy": {…}, "notes": […], "permissions": 3}. Errc::not_found of a principal
/// that was not seen; Errc::unavailable when the file cannot be read.
[[nodiscard]] base::Result<std::string> policy_of_audited(const PolicyQuery& query,
                                                          const AuditedCalls& calls);

[[nodiscard]] std::vector<AdminRoute> policy_routes(
    std::function<base::Result<std::string>(const PolicyQuery& query)> generate);

}  // namespace imdsd::daemon
