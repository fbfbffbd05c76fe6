// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
#include "imds/network_rows.h"

#include <algorithm>
#include <string>

#include "imds/row_list.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kVpc = "2011-01-01";   // the first version with VPC categories
constexpr std::string_view kIpv6 = "2016-06-30";  // and with several blocks
constexpr std::string_view kNetworkCard = "2020-11-01";

/// A public address beyond the last private one belongs to the last.
void add_associations(const RowList& rows, const NetworkInterface& interface) {
  if (interface.local_ipv4s.empty()) return;
  const RowList below = rows.below("ipv4-associations");
  for (std::size_t i = 0; i < interface.public_ipv4s.size(); ++i) {
    const std::size_t nth = std::min(i, interface.local_ipv4s.size() - 1);
    RowList(below).leaf(interface.public_ipv4s[i], interface.local_ipv4s[nth], kVpc);
  }
}

void add_addresses(RowList rows, const NetworkInterface& interface) {
  rows.lines("local-ipv4s", interface.local_ipv4s, kVpc);
  rows.lines("public-ipv4s", interface.public_ipv4s, kVpc);
  rows.leaf_if_set("public-hostname", interface.public_hostname, kVpc);
  rows.lines("ipv6s", interface.ipv6s, kIpv6);
  rows.lines("ipv4-prefix", interface.ipv4_prefixes, kVpc);
  rows.lines("ipv6-prefix", interface.ipv6_prefixes, kVpc);
  add_associations(rows, interface);
}

void add_subnet(RowList rows, const NetworkInterface& interface) {
  rows.leaf("subnet-id", interface.subnet_id, kVpc);
  rows.leaf_if_set("subnet-ipv4-cidr-block", interface.subnet_ipv4_cidr_block, kVpc);
  rows.lines("subnet-ipv6-cidr-blocks", interface.subnet_ipv6_cidr_blocks, kIpv6);
  rows.leaf("vpc-id", interface.vpc_id, kVpc);
  if (!interface.vpc_ipv4_cidr_blocks.empty()) {
    rows.leaf("vpc-ipv4-cidr-block", interface.vpc_ipv4_cidr_blocks.front(), kVpc);
  }
  rows.lines("vpc-ipv4-cidr-blocks", interface.vpc_ipv4_cidr_blocks, kIpv6);
  rows.lines("vpc-ipv6-cidr-blocks", interface.vpc_ipv6_cidr_blocks, kIpv6);
}

void add_interface(RowList rows, const NetworkInterface& interface) {
  const std::string card = std::to_string(interface.network_card);
  rows.leaf("device-number", std::to_string(interface.device_number.value_or(0)), kVpc);
  rows.leaf("interface-id", interface.interface_id, kVpc);
  rows.leaf("local-hostname", interface.local_hostname, kVpc);
  rows.leaf("mac", interface.mac, kVpc);
  rows.leaf("network-card", card, kNetworkCard);
  // Its name in older documentation, which some clients still ask for.
  rows.add({.path = "network-card-index", .value = card, .listed = false, .since = kNetworkCard});
  rows.leaf("owner-id", interface.owner_id, kVpc);
  rows.lines("security-groups", interface.security_groups, kVpc);
  rows.lines("security-group-ids", interface.security_group_ids, kVpc);
  add_addresses(rows, interface);
  add_subnet(rows, interface);
}

}  // namespace

void add_network_rows(const InstanceDescription& description, std::vector<MetadataRow>& rows) {
  const RowList macs(rows, "meta-data/network/interfaces/macs/");
  for (const NetworkInterface& interface : description.interfaces) {
    add_interface(macs.below(interface.mac), interface);
  }
}

}  // namespace imdsd::imds
