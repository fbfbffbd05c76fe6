// SPDX-License-Identifier: MIT
// Addresses, names and ids of a network that nobody described: a default VPC as EC2 makes it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "imds/instance_description.h"

namespace imdsd::imds {

/// `prefix` and 17 hex digits that belong to this purpose and these things.
[[nodiscard]] std::string derived_id(std::string_view prefix, std::string_view purpose,
                                     std::initializer_list<std::string_view> of);

/// Fills in what interface `index` leaves empty, after those before it. Instances of an account and
/// region share the VPC, those of a zone the subnet, and so do the interfaces of an instance.
void complete_interface(InstanceDescription& description, std::size_t index);

/// The first interface as complete() has it, but for less work: its network is filled in, and its
/// groups may not be.
[[nodiscard]] NetworkInterface primary_interface(const InstanceDescription& description);

}  // namespace imdsd::imds
