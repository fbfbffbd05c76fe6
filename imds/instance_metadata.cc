// SPDX-License-Identifier: MIT
#include "imds/instance_metadata.h"

#include <algorithm>
#include <utility>

#include "aws/time_format.h"
#include "base/codec.h"
#include "base/digest.h"
#include "imds/ec2_json.h"
#include "imds/region_names.h"
#include "imds/role_rows.h"

namespace imdsd::imds {
namespace {

/// 32 bytes that belong to this instance and this purpose.
std::string derived_bytes(std::string_view instance_id, std::string_view purpose) {
  return base::sha256(std::string(purpose) + ":" + std::string(instance_id));
}

unsigned byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// An address in the default VPC: 172.31.0.0/16 with a /20 for each zone
/// (https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html). A subnet's first
/// four addresses and its last are reserved.
std::string derived_ipv4(const InstanceDescription& d) {
  const std::string bytes = derived_bytes(d.id, "local-ipv4");
  const auto zone =
      static_cast<unsigned char>(d.availability_zone.empty() ? 'a' : d.availability_zone.back());
  const unsigned subnet = (zone - static_cast<unsigned>('a')) % 16 * 16;
  return "172.31." + std::to_string(subnet + byte_at(bytes, 0) % 16) + "." +
         std::to_string(4 + byte_at(bytes, 1) % 251);
}

/// 0a: locally administered, unicast.
std::string derived_mac(const InstanceDescription& d) {
  const std::string bytes = derived_bytes(d.id, "mac");
  std::string mac = "0a";
  for (std::size_t i = 0; i < 5; ++i) mac += ":" + base::hex_encode(bytes.substr(i, 1));
  return mac;
}

std::string derived_ami_id(const InstanceDescription& d) {
  return "ami-" + base::hex_encode(derived_bytes(d.id, "ami-id")).substr(0, 17);
}

std::string dashed(std::string address) {
  std::replace(address.begin(), address.end(), '.', '-');
  return address;
}

/// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames
std::string private_hostname(const InstanceDescription& d) {
  const std::string domain =
      d.region == "us-east-1" ? "ec2.internal" : d.region + ".compute.internal";
  return "ip-" + dashed(d.local_ipv4) + "." + domain;
}

std::string public_hostname_of(const InstanceDescription& d) {
  const std::string zone = d.region == "us-east-1" ? "compute-1" : d.region + ".compute";
  return "ec2-" + dashed(d.public_ipv4) + "." + zone + "." +
         std::string(services_domain(d.partition));
}

/// Graviton families have a `g` behind the generation (m7g, c6gn, x2gd); g4dn is none of them.
std::string architecture_of(std::string_view type) {
  const std::string_view family = type.substr(0, type.find('.'));
  const std::size_t generation = family.find_first_of("0123456789");
  const bool graviton = generation != std::string_view::npos &&
                        family.find('g', generation) != std::string_view::npos;
  return graviton || family == "a1" || family == "mac2" ? "arm64" : "x86_64";
}

void fill(std::string& value, auto derive) {
  if (value.empty()) value = derive();
}

void add_leaf(std::vector<MetadataRow>& rows, std::string_view name, const std::string& value) {
  rows.push_back({.path = "meta-data/" + std::string(name), .value = value});
}

}  // namespace

InstanceDescription complete(InstanceDescription d) {
  fill(d.region, [&] { return region_of_zone(d.availability_zone); });
  fill(d.availability_zone_id, [&] { return zone_id(d.availability_zone); });
  fill(d.partition, [&] { return std::string(partition_of_region(d.region)); });
  fill(d.architecture, [&] { return architecture_of(d.type); });
  fill(d.ami_id, [&] { return derived_ami_id(d); });
  fill(d.local_ipv4, [&] { return derived_ipv4(d); });
  fill(d.mac, [&] { return derived_mac(d); });
  fill(d.hostname, [&] { return private_hostname(d); });
  if (!d.public_ipv4.empty()) fill(d.public_hostname, [&] { return public_hostname_of(d); });
  return d;
}

std::string identity_document(const InstanceDescription& d) {
  return Ec2Json()
      .text("accountId", d.account_id)
      .text("architecture", d.architecture)
      .text("availabilityZone", d.availability_zone)
      .null("billingProducts")
      .null("devpayProductCodes")
      .null("marketplaceProductCodes")
      .text("imageId", d.ami_id)
      .text("instanceId", d.id)
      .text("instanceType", d.type)
      .null("kernelId")
      .text("pendingTime", aws::format_iso8601(d.launch_time))
      .text("privateIp", d.local_ipv4)
      .null("ramdiskId")
      .text("region", d.region)
      .text("version", "2017-09-30")
      .take();
}

std::vector<MetadataRow> metadata_rows(const InstanceDescription& d) {
  std::vector<MetadataRow> rows = role_rows();
  add_leaf(rows, "ami-id", d.ami_id);
  add_leaf(rows, "hostname", d.hostname);
  add_leaf(rows, "instance-id", d.id);
  add_leaf(rows, "instance-type", d.type);
  add_leaf(rows, "local-hostname", d.hostname);
  add_leaf(rows, "local-ipv4", d.local_ipv4);
  add_leaf(rows, "mac", d.mac);
  add_leaf(rows, "placement/availability-zone", d.availability_zone);
  add_leaf(rows, "placement/availability-zone-id", d.availability_zone_id);
  add_leaf(rows, "placement/region", d.region);
  add_leaf(rows, "services/domain", std::string(services_domain(d.partition)));
  add_leaf(rows, "services/partition", d.partition);
  if (!d.public_hostname.empty()) add_leaf(rows, "public-hostname", d.public_hostname);
  if (!d.public_ipv4.empty()) add_leaf(rows, "public-ipv4", d.public_ipv4);
  rows.push_back({.path = "dynamic/instance-identity/document", .value = identity_document(d)});
  if (d.user_data) {
    rows.push_back({.path = "user-data", .value = *d.user_data, .content_type = kOctetStream});
  }
  return rows;
}

base::Result<std::shared_ptr<const MetadataTree>> build_metadata_tree(
    InstanceDescription description, base::SystemTime now) {
  return MetadataTree::build(metadata_rows(complete(std::move(description))), now);
}

}  // namespace imdsd::imds
