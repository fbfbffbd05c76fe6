// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "daemon/config_section.h"
#include "imds/event_order.h"

namespace imdsd::daemon {

/// [[instance.event]]: what has happened to an instance from its beginning.
[[nodiscard]] std::vector<imds::EventOrder> read_events(const ConfigSection& instance);

}  // namespace imdsd::daemon
