// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace imdsd::iam {

/// All of AWS's, as ARNs have them behind "arn:"
/// (https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
inline constexpr std::array<std::string_view, 7> kPartitions{
    "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"};

[[nodiscard]] constexpr bool is_partition(std::string_view name) {
  return std::find(kPartitions.begin(), kPartitions.end(), name) != kPartitions.end();
}

}  // namespace imdsd::iam
