// SPDX-License-Identifier: MIT
// The addresses that AWS has built into its SDKs and agents. All of them are served on port 80.
#pragma once

#include <cstdint>

#include "base/ip_address.h"

namespace imdsd::reach {

inline constexpr std::uint16_t kWellKnownPort = 80;

/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
[[nodiscard]] inline base::IpAddress imds_v4() {
  return base::IpAddress::from_v4({169, 254, 169, 254});
}
/// fd00:ec2::254
[[nodiscard]] inline base::IpAddress imds_v6() {
  return base::IpAddress::from_v6({0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54});
}
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
[[nodiscard]] inline base::IpAddress ecs_v4() {
  return base::IpAddress::from_v4({169, 254, 170, 2});
}
/// https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
[[nodiscard]] inline base::IpAddress eks_v4() {
  return base::IpAddress::from_v4({169, 254, 170, 23});
}
/// fd00:ec2::23
[[nodiscard]] inline base::IpAddress eks_v6() {
  return base::IpAddress::from_v6({0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x23});
}

}  // namespace imdsd::reach
