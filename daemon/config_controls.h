// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config_iam.h"
#include "daemon/config_section.h"
#include "iam/control_policies.h"

namespace imdsd::daemon {

/// The control policies of one [[iam.account]], with warnings about what they do not do.
[[nodiscard]] iam::AccountControls read_controls(const ConfigSection& account,
                                                 const ConfigContext& context);

}  // namespace imdsd::daemon
