// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "console/console.h"
#include "daemon/admin_route.h"

namespace imdsd::daemon {

/// /v1/console/NAME for each operation of the console, which outlives the routes.
[[nodiscard]] std::vector<AdminRoute> console_routes(console::Console& console);

}  // namespace imdsd::daemon
