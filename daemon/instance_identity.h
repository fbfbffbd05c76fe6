// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/random.h"
#include "base/snapshot_cell.h"
#include "imds/instance_identity_role.h"
#include "sts/authority.h"

namespace imdsd::daemon {

/// What the instance identity roles of all instances have in common.
struct InstanceIdentityTerms {
  std::string account, region;
  std::chrono::seconds lifetime{};  // that of role credentials
  friend bool operator==(const InstanceIdentityTerms&, const InstanceIdentityTerms&) = default;
};

/// The instance identity role of this instance, whose credentials the embedded STS issues when they
/// are read; renewed as early as those of a role. `authority` and `random` outlive it.
[[nodiscard]] std::shared_ptr<imds::InstanceIdentityRole> make_instance_identity(
    std::string instance_id, std::shared_ptr<const InstanceIdentityTerms> terms,
    const base::SnapshotCell<sts::Authority>& authority, base::Random& random);

/// The ARN of an instance, as EC2 writes it.
[[nodiscard]] std::string instance_arn(const std::string& account, const std::string& region,
                                       const std::string& instance_id);

}  // namespace imdsd::daemon
