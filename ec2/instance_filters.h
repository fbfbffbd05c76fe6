// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "ec2/filter.h"
#include "ec2/instance.h"

namespace imdsd::ec2 {

/// The filters of DescribeInstances that are about something an emulated instance has
/// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).
[[nodiscard]] std::span<const FilterRow<Instance>> instance_filters();

}  // namespace imdsd::ec2
