// SPDX-License-Identifier: MIT
// EC2's Query API, 2016-11-15: the part of it that roles, metadata and emulated instances need
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html).
#pragma once

#include <string_view>

#include "ec2/call.h"
#include "ec2/operation.h"
#include "iam/action_answer.h"

namespace imdsd::ec2 {

inline constexpr std::string_view kApiVersion = "2016-11-15";
inline constexpr std::string_view kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// Checks the parameters, authorizes, and runs the action. Thread-safe; may wait for the disk.
[[nodiscard]] iam::ActionAnswer call(const Operation& operation, const ActionRequest& request,
                                     const Context& context);

}  // namespace imdsd::ec2
