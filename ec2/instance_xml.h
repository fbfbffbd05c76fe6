// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
#pragma once

#include <string_view>
#include <vector>

#include "ec2/call.h"

namespace imdsd::ec2 {

/// The elements of an instance, in the open one.
void write_instance(const Call& call, const Instance& instance);
/// <NAME> with code and name.
void write_state(base::XmlWriter& xml, std::string_view name, InstanceState state);
/// What is in <metadataOptions>; `state`: "pending", "applied".
void write_metadata_options(base::XmlWriter& xml, const MetadataOptions& options,
                            std::string_view state);
/// Reservation id, owner, and the instances, which have it in common.
void write_reservation(const Call& call, const std::vector<const Instance*>& instances);

}  // namespace imdsd::ec2
