// SPDX-License-Identifier: MIT
// What the name of an availability zone or region says by itself; no table of regions to keep up to
// date.
#pragma once

#include <string>
#include <string_view>

namespace imdsd::imds {

/// "us-east-1a" and the local zone "us-west-2-lax-1a" lie in us-east-1 and us-west-2.
[[nodiscard]] std::string region_of_zone(std::string_view availability_zone);
/// "us-east-1a" is use1-az1, "us-west-2-lax-1b" is usw2-lax1-az2. EC2 maps letters to zone ids
/// differently in each account; here `a` is 1 everywhere.
[[nodiscard]] std::string zone_id(std::string_view availability_zone);
/// aws, aws-cn, aws-us-gov, aws-iso, …
[[nodiscard]] std::string_view partition_of_region(std::string_view region) noexcept;
/// services/domain: "amazonaws.com" in most of them.
[[nodiscard]] std::string_view services_domain(std::string_view partition) noexcept;

}  // namespace imdsd::imds
