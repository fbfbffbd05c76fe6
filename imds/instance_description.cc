// SPDX-License-Identifier: MIT
#include "imds/instance_description.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "imds/network_derivation.h"
#include "imds/region_names.h"

namespace imdsd::imds {
namespace {

void fill(std::string& value, auto derive) {
  if (value.empty()) value = derive();
}

void fill(std::vector<std::string>& values, auto derive) {
  if (values.empty()) values = {derive()};
}

std::string_view family_of(std::string_view type) {
  return type.substr(0, type.find('.'));
}

/// Graviton families have a `g` behind the generation (m7g, c6gn, x2gd); g4dn is none of them.
std::string architecture_of(std::string_view type) {
  const std::string_view family = family_of(type);
  const std::size_t generation = family.find_first_of("0123456789");
  const bool graviton = generation != std::string_view::npos &&
                        family.find('g', generation) != std::string_view::npos;
  // mac1 is the only Mac with an Intel processor: mac2-m2pro and mac-m4 have Apple's.
  const bool apple = family.starts_with("mac") && family != "mac1";
  return graviton || apple || family == "a1" ? "arm64" : "x86_64";
}

/// https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html: the families of
/// the time before it are all that run on Xen, and there will be no more.
std::string hypervisor_of(std::string_view type) {
  constexpr std::array<std::string_view, 30> kXen = {
      "c1", "c3",  "c4", "cc2", "cr1",    "d2", "f1",  "g2",  "g3",  "g3s",
      "h1", "hs1", "i2", "i3",  "m1",     "m2", "m3",  "m4",  "p2",  "p3",
      "r3", "r4",  "t1", "t2",  "u-6tb1", "x1", "x1e", "cg1", "hi1", "i1"};
  const bool metal = type.ends_with(".metal");
  const bool xen = std::find(kXen.begin(), kXen.end(), family_of(type)) != kXen.end();
  return xen && !metal ? "xen" : "nitro";
}

void complete_block_devices(InstanceDescription& d) {
  const auto has = [&d](std::string_view name) {
    return std::any_of(d.block_devices.begin(), d.block_devices.end(),
                       [name](const BlockDevice& device) { return device.name == name; });
  };
  if (!has("ami")) d.block_devices.push_back({"ami", "xvda"});
  if (!has("root")) d.block_devices.push_back({"root", "/dev/xvda"});
}

}  // namespace

InstanceDescription complete(InstanceDescription d) {
  fill(d.region, [&] { return region_of_zone(d.availability_zone); });
  fill(d.availability_zone_id, [&] { return zone_id(d.availability_zone); });
  fill(d.partition, [&] { return std::string(partition_of_region(d.region)); });
  fill(d.architecture, [&] { return architecture_of(d.type); });
  fill(d.hypervisor, [&] { return hypervisor_of(d.type); });
  fill(d.ami_id, [&] { return derived_id("ami-", "ami-id", {d.id}); });
  fill(d.reservation_id, [&] { return derived_id("r-", "reservation-id", {d.id}); });
  fill(d.security_groups, [] { return "default"; });
  if (d.security_group_ids.empty()) {
    for (const auto& group : d.security_groups) {
      d.security_group_ids.push_back(
          derived_id("sg-", "security-group-id", {d.account_id, d.region, group}));
    }
  }
  if (d.interfaces.empty()) d.interfaces.emplace_back();
  for (std::size_t i = 0; i < d.interfaces.size(); ++i) complete_interface(d, i);
  fill(d.hostname, [&] { return d.interfaces.front().local_hostname; });
  complete_block_devices(d);
  return d;
}

}  // namespace imdsd::imds
