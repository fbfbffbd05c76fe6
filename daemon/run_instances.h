// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "aws/service_error.h"
#include "base/clock.h"
#include "base/random.h"
#include "daemon/fleet.h"
#include "daemon/instance_ledger.h"
#include "ec2/instance.h"

namespace imdsd::daemon {

/// How many instances RunInstances may have running: each costs memory and a rotation.
inline constexpr std::size_t kMaxRunInstances = 1000;
/// How many terminated ones are described at most: the oldest are forgotten first.
inline constexpr std::size_t kMaxTerminatedInstances = 1000;

/// The instances that were ordered, with ids, addresses and MACs that none of the fleet has. Errors
/// are EC2's: InstanceLimitExceeded, InvalidKeyPair.NotFound, InvalidIPAddress.InUse …
[[nodiscard]] aws::Outcome<std::vector<RunInstance>> make_instances(const ec2::RunOrder& order,
                                                                    const Fleet& fleet,
                                                                    const InstanceLedger& ledger,
                                                                    base::SystemTime now,
                                                                    base::Random& random);

}  // namespace imdsd::daemon
