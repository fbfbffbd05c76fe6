// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_iam.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// [ecs] and [eks], into `out`; roles, instances and the other ports were read before. An open door
/// for which nothing is declared gives the only role, if there is exactly one.
void read_containers(const ConfigSection& root, const ConfigContext& context, Config& out);

}  // namespace imdsd::daemon
