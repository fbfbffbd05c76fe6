// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_iam.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// [sts], into `out`.
void read_sts(const ConfigSection& sts, const ConfigContext& context, StsConfig& out);

}  // namespace imdsd::daemon
