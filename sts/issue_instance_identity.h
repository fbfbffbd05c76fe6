// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "iam/caller.h"
#include "sts/key_ring.h"

namespace imdsd::sts {

struct InstanceIdentityRequest {
  std::string account, instance_id, instance_arn;
  std::chrono::seconds lifetime{6 * 3600};
  iam::RoleDelivery delivery = iam::RoleDelivery::imdsv2;
};

/// Credentials of the instance identity role (iam/instance_identity.h), as EC2 obtains them: in
/// process only. Nothing decides on it: an instance always has them. The expiration is a whole
/// second, now + lifetime rounded down.
[[nodiscard]] base::Result<aws::Credentials> issue_instance_identity(
    const InstanceIdentityRequest& request, const KeyRing& key_ring, base::SystemTime now,
    base::Random& random);

}  // namespace imdsd::sts
