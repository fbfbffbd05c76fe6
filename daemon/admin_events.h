// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "daemon/admin_route.h"
#include "daemon/core.h"
#include "daemon/event_player.h"

namespace imdsd::daemon {

/// /v1/events, /v1/scenario and /v1/metadata: what happens to an instance while it runs. All answer
/// with what lives on it then. `core` and `player` outlive the routes.
[[nodiscard]] std::vector<AdminRoute> event_routes(Core& core, EventPlayer& player);

}  // namespace imdsd::daemon
