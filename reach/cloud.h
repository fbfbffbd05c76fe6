// SPDX-License-Identifier: MIT
// Is this machine one whose 169.254.169.254 belongs to somebody else? Told by what the firmware
// says, without a packet.
#pragma once

#include <optional>
#include <string>

#include "reach/machine.h"

namespace imdsd::reach {

struct Cloud {
  std::string name;      // "EC2", "Google Compute Engine"
  std::string evidence;  // "sys_vendor is `Amazon EC2`"
  bool ec2 = false;      // for sure
};

/// Nothing for a machine that says nothing, or belongs to no cloud that is known. What AWS calls
/// potentially inaccurate, a product_uuid that begins with EC2, counts as EC2 on Xen alone
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html).
[[nodiscard]] std::optional<Cloud> detect_cloud(const Dmi& dmi);

}  // namespace imdsd::reach
