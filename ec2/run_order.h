// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

#include "ec2/call.h"
#include "ec2/instance.h"

namespace imdsd::ec2 {

/// What RunInstances takes of EC2's parameters.
[[nodiscard]] std::span<const std::string_view> run_parameters();

/// Those of a request, checked; without the instance profile, which others may not learn of.
[[nodiscard]] aws::Outcome<RunOrder> read_run_order(const Call& call);

}  // namespace imdsd::ec2
