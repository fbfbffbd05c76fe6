// SPDX-License-Identifier: MIT
#include "imds/network_derivation.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "base/digest.h"
#include "base/ip_address.h"
#include "base/ip_network.h"
#include "imds/region_names.h"

namespace imdsd::imds {
namespace {

void fill(std::string& value, auto derive) {
  if (value.empty()) value = derive();
}

std::string derived_bytes(std::string_view purpose, std::initializer_list<std::string_view> of) {
  std::string text(purpose);
  for (const std::string_view each : of) text.append(":").append(each);
  return base::sha256(text);
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// The first interface is named by the instance alone, the others by their place as well.
std::string owner_of(const InstanceDescription& d, std::size_t index) {
  return index == 0 ? d.id : d.id + "/" + std::to_string(index);
}

/// A /20 by the first two numbers of its addresses, with the dots, and the lowest third one.
struct Subnet {
  std::string vpc;
  unsigned third = 0;
};

/// That of the first interface; else the zone's in the default VPC: 172.31.0.0/16 with a /20 for
/// each zone (https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html).
Subnet subnet_of(const InstanceDescription& d, std::size_t index) {
  const auto& primary = d.interfaces.front().local_ipv4s;
  if (index > 0 && !primary.empty()) {
    const auto address = base::IpAddress::parse(primary.front());
    if (address && !address->is_v6()) {
      const std::string network = base::network_of(*address, 20).to_string();
      const std::size_t third = network.find('.', network.find('.') + 1) + 1;
      Subnet subnet{network.substr(0, third), 0};
      std::from_chars(network.data() + third, network.data() + network.size(), subnet.third);
      return subnet;
    }
  }
  const auto zone =
      static_cast<unsigned char>(d.availability_zone.empty() ? 'a' : d.availability_zone.back());
  return {"172.31.", (zone - static_cast<unsigned>('a')) % 16 * 16};
}

/// A subnet's first four addresses and its last are reserved.
std::string derived_ipv4(const InstanceDescription& d, std::size_t index) {
  const std::string bytes = derived_bytes("local-ipv4", {owner_of(d, index)});
  const Subnet subnet = subnet_of(d, index);
  return subnet.vpc + std::to_string(subnet.third + byte_at(bytes, 0) % 16) + "." +
         std::to_string(4 + byte_at(bytes, 1) % 251);
}

/// 0a: locally administered, unicast.
std::string derived_mac(const InstanceDescription& d, std::size_t index) {
  const std::string bytes = derived_bytes("mac", {owner_of(d, index)});
  std::string mac = "0a";
  for (std::size_t i = 0; i < 5; ++i) mac += ":" + base::hex_encode(bytes.substr(i, 1));
  return mac;
}

std::string dashed(std::string address) {
  std::replace(address.begin(), address.end(), '.', '-');
  return address;
}

/// By the address, or by the id where there is none
/// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html).
std::string private_hostname(const InstanceDescription& d, const NetworkInterface& interface) {
  const bool short_form = d.region == "us-east-1";
  const std::string domain = short_form ? "ec2.internal" : d.region + ".compute.internal";
  const std::string host =
      interface.ipv6_only ? d.id : "ip-" + dashed(interface.local_ipv4s.front());
  return host + "." + domain;
}

/// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
std::string public_hostname_of(const InstanceDescription& d, const std::string& address) {
  const std::string zone = d.region == "us-east-1" ? "compute-1" : d.region + ".compute";
  return "ec2-" + dashed(address) + "." + zone + "." + std::string(services_domain(d.partition));
}

/// "172.31.16.0/20"; empty for what is no address.
std::string block_of(const std::string& address, unsigned bits) {
  const auto parsed = base::IpAddress::parse(address);
  if (!parsed) return {};
  return base::network_of(*parsed, bits).to_string() + "/" + std::to_string(bits);
}

/// EC2 writes all eight groups of a block: "2001:db8:1:2:0:0:0:0/64". `bits` is 64 at most, so that
/// what is left out when it is printed is at its end.
std::string ipv6_block_of(const std::string& address, unsigned bits) {
  const std::string block = block_of(address, bits);
  const std::size_t gap = block.find("::");
  if (gap == std::string::npos) return block;
  std::string groups = block.substr(0, gap);
  if (groups.empty()) groups = "0";
  for (auto written = std::count(groups.begin(), groups.end(), ':') + 1; written < 8; ++written) {
    groups += ":0";
  }
  return groups + block.substr(gap + 2);
}

/// One block an address, none twice.
std::vector<std::string> ipv6_blocks(const std::vector<std::string>& addresses, unsigned bits) {
  std::vector<std::string> blocks;
  for (const auto& address : addresses) {
    std::string block = ipv6_block_of(address, bits);
    if (std::find(blocks.begin(), blocks.end(), block) == blocks.end()) {
      blocks.push_back(std::move(block));
    }
  }
  return blocks;
}

/// All interfaces of an instance are in one VPC.
void share_vpc(const NetworkInterface& primary, NetworkInterface& interface) {
  fill(interface.vpc_id, [&] { return primary.vpc_id; });
  if (interface.vpc_ipv4_cidr_blocks.empty() && !interface.ipv6_only) {
    interface.vpc_ipv4_cidr_blocks = primary.vpc_ipv4_cidr_blocks;
  }
  if (interface.vpc_ipv6_cidr_blocks.empty() && !interface.ipv6s.empty()) {
    interface.vpc_ipv6_cidr_blocks = primary.vpc_ipv6_cidr_blocks;
  }
}

/// Sizes as EC2 gives them: a default VPC has a /16 and each of its subnets a /20; IPv6 comes as a
/// /56 with /64s (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
void complete_blocks(const InstanceDescription& d, NetworkInterface& interface) {
  const std::string address = interface.ipv6_only ? "" : interface.local_ipv4s.front();
  if (!interface.ipv6_only) {
    fill(interface.subnet_ipv4_cidr_block, [&] { return block_of(address, 20); });
    if (interface.vpc_ipv4_cidr_blocks.empty()) {
      interface.vpc_ipv4_cidr_blocks = {block_of(address, 16)};
    }
  }
  if (interface.subnet_ipv6_cidr_blocks.empty()) {
    interface.subnet_ipv6_cidr_blocks = ipv6_blocks(interface.ipv6s, 64);
  }
  if (interface.vpc_ipv6_cidr_blocks.empty()) {
    interface.vpc_ipv6_cidr_blocks = ipv6_blocks(interface.ipv6s, 56);
  }
  const auto first = [](const std::vector<std::string>& blocks) {
    return blocks.empty() ? std::string() : blocks.front();
  };
  const std::string vpc =
      first(interface.ipv6_only ? interface.vpc_ipv6_cidr_blocks : interface.vpc_ipv4_cidr_blocks);
  const std::string subnet = interface.ipv6_only ? first(interface.subnet_ipv6_cidr_blocks)
                                                 : interface.subnet_ipv4_cidr_block;
  fill(interface.vpc_id, [&] {
    return derived_id("vpc-", "vpc-id", {d.account_id, d.region, vpc});
  });
  fill(interface.subnet_id, [&] {
    return derived_id("subnet-", "subnet-id", {d.account_id, d.availability_zone, subnet});
  });
}

}  // namespace

std::string derived_id(std::string_view prefix, std::string_view purpose,
                       std::initializer_list<std::string_view> of) {
  return std::string(prefix) + base::hex_encode(derived_bytes(purpose, of)).substr(0, 17);
}

void complete_interface(InstanceDescription& d, std::size_t index) {
  NetworkInterface& interface = d.interfaces[index];
  fill(interface.mac, [&] { return derived_mac(d, index); });
  fill(interface.interface_id,
       [&] { return derived_id("eni-", "interface-id", {owner_of(d, index)}); });
  if (!interface.device_number) interface.device_number = static_cast<int>(index);
  if (interface.local_ipv4s.empty() && !interface.ipv6_only) {
    interface.local_ipv4s = {derived_ipv4(d, index)};
  }
  fill(interface.owner_id, [&] { return d.account_id; });
  if (interface.security_groups.empty() && interface.security_group_ids.empty()) {
    interface.security_groups = d.security_groups;
    interface.security_group_ids = d.security_group_ids;
  }
  fill(interface.local_hostname, [&] { return private_hostname(d, interface); });
  if (!interface.public_ipv4s.empty()) {
    fill(interface.public_hostname,
         [&] { return public_hostname_of(d, interface.public_ipv4s.front()); });
  }
  if (index > 0) share_vpc(d.interfaces.front(), interface);
  complete_blocks(d, interface);
}

NetworkInterface primary_interface(const InstanceDescription& description) {
  InstanceDescription d{.id = description.id,
                        .type = description.type,
                        .availability_zone = description.availability_zone,
                        .account_id = description.account_id};
  d.region = description.region;
  fill(d.region, [&] { return region_of_zone(d.availability_zone); });
  d.partition = description.partition;
  fill(d.partition, [&] { return std::string(partition_of_region(d.region)); });
  d.interfaces.resize(1);
  if (!description.interfaces.empty()) d.interfaces.front() = description.interfaces.front();
  complete_interface(d, 0);
  return d.interfaces.front();
}

}  // namespace imdsd::imds
