// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_iam.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// One [[instance]], added to `out.instances`. What the other tables say of the region, the
/// account, the roles and the metadata options was read before.
void read_instance(const ConfigSection& section, const ConfigContext& context, Config& out);

}  // namespace imdsd::daemon
