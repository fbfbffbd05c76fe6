// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "daemon/admin_route.h"
#include "daemon/instance_runtime.h"

namespace imdsd::daemon {

/// An instance by name or id; empty: the default one.
using FindInstance =
    std::function<base::Result<std::shared_ptr<InstanceRuntime>>(const std::string& name)>;

/// /v1/faults and /v1/fault-scenarios: docs/admin.md. `clock`, the instances' own, outlives them.
[[nodiscard]] std::vector<AdminRoute> fault_routes(FindInstance find, const base::Clock& clock);

}  // namespace imdsd::daemon
