// SPDX-License-Identifier: MIT
// Interfaces and routes, as the kernel tells them without any tool.
#pragma once

#include <vector>

#include "reach/machine.h"

namespace imdsd::reach {

[[nodiscard]] std::vector<Interface> look_at_interfaces();
/// One for each address; Route::Kind::none where the kernel does not say.
[[nodiscard]] std::vector<Route> look_at_routes(const std::vector<base::IpAddress>& addresses);

}  // namespace imdsd::reach
