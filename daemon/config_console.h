// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config.h"
#include "daemon/config_section.h"

namespace imdsd::daemon {

/// [console]: passwords are typed there, so that an address beyond loopback has to be asked for.
void read_console(const ConfigSection& section, ConsoleConfig& out);

}  // namespace imdsd::daemon
