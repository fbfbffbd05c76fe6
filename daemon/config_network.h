// SPDX-License-Identifier: MIT
#pragma once

#include "daemon/config_section.h"
#include "imds/instance_description.h"

namespace imdsd::daemon {

/// [[instance.network_interface]] of the instance's section, and its own keys about the first
/// interface.
void read_network(const ConfigSection& instance, imds::InstanceDescription& out);

}  // namespace imdsd::daemon
