// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"

namespace imdsd::daemon {

/// The keys that differ and are taken up at a start only ("imds.listen").
[[nodiscard]] std::vector<std::string> keys_needing_restart(const Config& running,
                                                            const Config& next);

}  // namespace imdsd::daemon
