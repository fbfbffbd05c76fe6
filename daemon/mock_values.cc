// SPDX-License-Identifier: MIT
// Keys, paths and defaults of
// https://github.com/aws/amazon-ec2-metadata-mock/blob/main/pkg/config/defaults/aemm-metadata-default-values.json
#include "daemon/mock_settings.h"

namespace imdsd::daemon {
namespace {

// A default that is empty follows from the others: the reference's own do not agree with each
// other.
constexpr MockValue kValues[] = {
    {"ami-id", "ami-id", "ami-0a887e401f7654935"},
    {"ami-launch-index", "ami-launch-index", "0"},
    {"ami-manifest-path", "ami-manifest-path", "(unknown)"},
    {"block-device-mapping-ami", "block-device-mapping/ami", "/dev/xvda"},
    {"block-device-mapping-ebs", "block-device-mapping/ebs0", "sdb"},
    {"block-device-mapping-ephemeral", "block-device-mapping/ephemeral0", "sdb"},
    {"block-device-mapping-root", "block-device-mapping/root", "/dev/xvda"},
    {"block-device-mapping-swap", "block-device-mapping/swap", "sdcs"},
    {"elastic-inference-accelerator",
     "elastic-inference/associations/{elastic-inference-associations}",
     R"({"version_2018_04_12":{"elastic-inference-accelerator-id":"eia-bfa21c7904f64a82a21b9f4540169ce1","elastic-inference-accelerator-type":"eia1.medium"}})"},
    {"hostname", "hostname", ""},
    {"instance-action", "instance-action", "none"},
    {"instance-id", "instance-id", "i-1234567890abcdef0"},
    {"instance-life-cycle", "instance-life-cycle", "on-demand"},
    {"instance-type", "instance-type", "m4.xlarge"},
    {"kernel-id", "kernel-id", "aki-5c21674b"},
    {"local-hostname", "local-hostname", ""},
    {"local-ipv4", "local-ipv4", "172.16.34.43"},
    {"mac", "mac", "0e:49:61:0f:c3:11"},
    {"mac-device-number", "network/interfaces/macs/{mac}/device-number", "0"},
    {"mac-ipv4-associations", "network/interfaces/macs/{mac}/ipv4-associations/{public-ipv4}", ""},
    {"mac-ipv6-associations", "network/interfaces/macs/{mac}/ipv6s", "2001:db8:8:4::2"},
    {"mac-local-hostname", "network/interfaces/macs/{mac}/local-hostname", ""},
    {"mac-local-ipv4s", "network/interfaces/macs/{mac}/local-ipv4s", ""},
    {"mac-mac", "network/interfaces/macs/{mac}/mac", ""},
    {"mac-network-interface-card-index", "network/interfaces/macs/{mac}/network-card-index", "0"},
    {"mac-network-interface-id", "network/interfaces/macs/{mac}/interface-id",
     "eni-0f95d3625f5c521cc"},
    {"mac-owner-id", "network/interfaces/macs/{mac}/owner-id", "515336597381"},
    {"mac-public-hostname", "network/interfaces/macs/{mac}/public-hostname", ""},
    {"mac-public-ipv4s", "network/interfaces/macs/{mac}/public-ipv4s", ""},
    {"mac-security-group-ids", "network/interfaces/macs/{mac}/security-group-ids",
     "sg-0b07f8f6cb485d4df"},
    {"mac-security-groups", "network/interfaces/macs/{mac}/security-groups", ""},
    {"mac-subnet-id", "network/interfaces/macs/{mac}/subnet-id", "subnet-0ac62554"},
    {"mac-subnet-ipv4-cidr-block", "network/interfaces/macs/{mac}/subnet-ipv4-cidr-block", ""},
    {"mac-subnet-ipv6-cidr-blocks", "network/interfaces/macs/{mac}/subnet-ipv6-cidr-blocks", ""},
    {"mac-vpc-id", "network/interfaces/macs/{mac}/vpc-id", "vpc-d295a6a7"},
    {"mac-vpc-ipv4-cidr-block", "network/interfaces/macs/{mac}/vpc-ipv4-cidr-block", ""},
    {"mac-vpc-ipv4-cidr-blocks", "network/interfaces/macs/{mac}/vpc-ipv4-cidr-blocks", ""},
    {"mac-vpc-ipv6-cidr-blocks", "network/interfaces/macs/{mac}/vpc-ipv6-cidr-blocks", ""},
    {"placement-availability-zone", "placement/availability-zone", "us-east-1a"},
    {"placement-availability-zone-id", "placement/availability-zone-id", "use1-az4"},
    {"placement-group-name", "placement/group-name", "a-placement-group"},
    {"placement-host-id", "placement/host-id", "h-0da999999f9999fb9"},
    {"placement-partition-number", "placement/partition-number", "1"},
    {"placement-region", "placement/region", "us-east-1"},
    {"product-codes", "product-codes", "3iplms73etrdhxdepv72l6ywj"},
    {"public-hostname", "public-hostname", ""},
    {"public-ipv4", "public-ipv4", "192.0.2.54"},
    {"ramdisk-id", "ramdisk-id", "ari-01bb5768"},
    {"reservation-id", "reservation-id", "r-046cb3eca3e201d2f"},
    {"security-groups", "security-groups", "ura-launch-wizard-harry-1"},
    {"services-domain", "services/domain", ""},
    {"services-partition", "services/partition", ""},
    {"tags-instance-name", "tags/instance/Name", "test-instance"},
    {"tags-instance-test", "tags/instance/Test", "test-tag"},
};

}  // namespace

std::span<const MockValue> mock_values() {
  return kValues;
}

}  // namespace imdsd::daemon
