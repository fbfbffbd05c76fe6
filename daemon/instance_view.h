// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "daemon/config.h"
#include "daemon/instance_ledger.h"
#include "ec2/instance.h"

namespace imdsd::daemon {

/// An instance of the fleet as EC2's API sees it: `config` as it is served now, `ledger` for the
/// ids that it does not have. `started`: the
/// launch time of those that have none.
[[nodiscard]] ec2::Instance instance_view(const InstanceConfig& config, base::SystemTime started,
                                          const InstanceLedger& ledger);
/// The same of one that StopInstances stopped: `config` is its config_of().
[[nodiscard]] ec2::Instance stopped_view(const InstanceConfig& config, base::SystemTime started,
                                         const InstanceLedger& ledger);
/// The same of one that is no longer there.
[[nodiscard]] ec2::Instance terminated_view(const RunInstance& instance);

/// By which `config`'s instance has its profile; nothing where it has none.
[[nodiscard]] std::optional<ec2::Association> association_of(const InstanceConfig& config,
                                                             const InstanceLedger& ledger);

}  // namespace imdsd::daemon
