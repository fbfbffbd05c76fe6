// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/http_message.h"
#include "daemon/admin_access.h"
#include "daemon/admin_route.h"

namespace imdsd::daemon {

/// HTTP and JSON over the Unix socket; docs/admin.md is the contract. Runs on the worker pool.
class AdminApi {
 public:
  AdminApi(AdminAccess access, std::vector<AdminRoute> routes)
      : access_(access), routes_(std::move(routes)) {}
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request) const;

  static constexpr std::size_t kMaxBodyBytes = 256 * 1024;

 private:
  AdminAccess access_;
  std::vector<AdminRoute> routes_;
};

}  // namespace imdsd::daemon
