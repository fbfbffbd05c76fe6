// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "daemon/config_iam.h"
#include "daemon/config_section.h"
#include "imds/fault_rule.h"
#include "imds/instance_description.h"

namespace imdsd::daemon {

/// The [[instance.fault]] tables of an instance: the fields of imds::FaultRule, or a scenario and
/// what differs from it. Problems are added to the section; a path of names that neither EC2 nor
/// `overrides` have is a warning.
[[nodiscard]] std::vector<imds::FaultRule> read_faults(
    const ConfigSection& instance, const std::vector<imds::MetadataOverride>& overrides,
    const ConfigContext& context);

}  // namespace imdsd::daemon
