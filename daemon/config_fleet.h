// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_iam.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// Every [[instance]] of the file, or the one that there is without any, and whether they can be
/// told apart: names, ids, listeners and peers belong to one instance each. All other tables were
/// read before.
void read_instances(const ConfigSection& root, const ConfigContext& context, Config& out);

}  // namespace imdsd::daemon
