// SPDX-License-Identifier: MIT
#include "imds/network_rows.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

InstanceDescription full() {
  InstanceDescription d = sample();
  d.interfaces = {{.mac = "02:00:00:00:00:01",
                   .interface_id = "eni-1",
                   .network_card = 1,
                   .local_ipv4s = {"10.1.2.3", "10.1.2.4"},
                   .public_ipv4s = {"3.4.5.6", "3.4.5.7", "3.4.5.8"},
                   .ipv6s = {"2001:db8:0:1::1", "2001:db8:0:1::2"},
                   .ipv4_prefixes = {"10.1.3.0/28"},
                   .ipv6_prefixes = {"2001:db8:0:1:1::/80"},
                   .security_groups = {"a", "b"},
                   .security_group_ids = {"sg-1", "sg-2"},
                   .subnet_id = "subnet-1",
                   .vpc_id = "vpc-1",
                   .vpc_ipv4_cidr_blocks = {"10.1.0.0/16", "10.2.0.0/16"}},
                  {.mac = "02:00:00:00:00:02"}};
  return d;
}

struct Case {
  std::string_view name;
  std::string value;
};

class NetworkInterfaceRows : public testing::TestWithParam<Case> {};

TEST_P(NetworkInterfaceRows, HaveTheValue) {
  EXPECT_EQ(interface_value(full(), GetParam().name), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
    Table, NetworkInterfaceRows,
    testing::Values(Case{"device-number", "0"}, Case{"interface-id", "eni-1"},
                    Case{"ipv4-associations", "3.4.5.6\n3.4.5.7\n3.4.5.8"},
                    Case{"ipv4-associations/3.4.5.6", "10.1.2.3"},
                    Case{"ipv4-associations/3.4.5.7", "10.1.2.4"},
                    Case{"ipv4-associations/3.4.5.8", "10.1.2.4"},
                    Case{"ipv4-prefix", "10.1.3.0/28"}, Case{"ipv6-prefix", "2001:db8:0:1:1::/80"},
                    Case{"ipv6s", "2001:db8:0:1::1\n2001:db8:0:1::2"},
                    Case{"local-hostname", "ip-10-1-2-3.ec2.internal"},
                    Case{"local-ipv4s", "10.1.2.3\n10.1.2.4"}, Case{"mac", "02:00:00:00:00:01"},
                    Case{"network-card", "1"}, Case{"network-card-index", "1"},
                    Case{"owner-id", "123456789012"},
                    Case{"public-hostname", "ec2-3-4-5-6.compute-1.amazonaws.com"},
                    Case{"public-ipv4s", "3.4.5.6\n3.4.5.7\n3.4.5.8"},
                    Case{"security-group-ids", "sg-1\nsg-2"}, Case{"security-groups", "a\nb"},
                    Case{"subnet-id", "subnet-1"}, Case{"subnet-ipv4-cidr-block", "10.1.0.0/20"},
                    Case{"subnet-ipv6-cidr-blocks", "2001:db8:0:1:0:0:0:0/64"},
                    Case{"vpc-id", "vpc-1"}, Case{"vpc-ipv4-cidr-block", "10.1.0.0/16"},
                    Case{"vpc-ipv4-cidr-blocks", "10.1.0.0/16\n10.2.0.0/16"},
                    Case{"vpc-ipv6-cidr-blocks", "2001:db8:0:0:0:0:0:0/56"}),
    [](const auto& i) {
      std::string name(i.param.name);
      for (char& c : name) c = c == '-' || c == '/' || c == '.' ? '_' : c;
      return name;
    });

TEST(NetworkRows, ListInterfacesByTheirMacAddresses) {
  EXPECT_EQ(value_at(full(), "meta-data/network/interfaces/macs"),
            "02:00:00:00:00:01/\n02:00:00:00:00:02/");
  EXPECT_EQ(interface_value(full(), "device-number", 1), "1");
}

TEST(NetworkRows, HaveWhatAnInterfaceHas) {
  EXPECT_EQ(
      interface_value(full(), "", 1),
      "device-number\ninterface-id\nlocal-hostname\nlocal-ipv4s\nmac\nnetwork-card\nowner-id\n"
      "security-group-ids\nsecurity-groups\nsubnet-id\nsubnet-ipv4-cidr-block\nvpc-id\n"
      "vpc-ipv4-cidr-block\nvpc-ipv4-cidr-blocks");
}

TEST(NetworkRows, HaveNoIpv4OnAnIpv6OnlyInterface) {
  InstanceDescription d = sample();
  d.interfaces = {{.ipv6_only = true, .ipv6s = {"2001:db8::1"}}};
  EXPECT_EQ(interface_value(d, ""),
            "device-number\ninterface-id\nipv6s\nlocal-hostname\nmac\nnetwork-card\nowner-id\n"
            "security-group-ids\nsecurity-groups\nsubnet-id\nsubnet-ipv6-cidr-blocks\nvpc-id\n"
            "vpc-ipv6-cidr-blocks");
}

}  // namespace
}  // namespace imdsd::imds
