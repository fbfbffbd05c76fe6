// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "daemon/config_section.h"
#include "imds/fault_rule.h"

namespace imdsd::daemon {

/// The [[instance.fault]] tables of an instance: the fields of imds::FaultRule, or a scenario and
/// what differs from it. Problems are added to the section.
[[nodiscard]] std::vector<imds::FaultRule> read_faults(const ConfigSection& instance);

}  // namespace imdsd::daemon
