// SPDX-License-Identifier: MIT
#include "imds/instance_description.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/ip_address.h"
#include "imds/network_derivation.h"
#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

TEST(InstanceDescription, DerivesWhatIsNotSet) {
  const InstanceDescription d = complete(sample());
  EXPECT_EQ(d.region, "us-east-1");
  EXPECT_EQ(d.availability_zone_id, "use1-az1");
  EXPECT_EQ(d.partition, "aws");
  EXPECT_EQ(d.architecture, "x86_64");
  EXPECT_EQ(d.hypervisor, "nitro");
  EXPECT_EQ(d.security_groups, std::vector<std::string>{"default"});
  ASSERT_EQ(d.interfaces.size(), 1u);
  const NetworkInterface& primary = d.interfaces[0];
  EXPECT_EQ(primary.device_number, 0);
  EXPECT_EQ(primary.owner_id, "123456789012");
  EXPECT_EQ(primary.local_hostname, d.hostname);
  EXPECT_TRUE(primary.public_hostname.empty());
  ASSERT_EQ(primary.local_ipv4s.size(), 1u);
  EXPECT_TRUE(primary.local_ipv4s[0].starts_with("172.31.")) << primary.local_ipv4s[0];
  EXPECT_TRUE(base::IpAddress::parse(primary.local_ipv4s[0])) << primary.local_ipv4s[0];
  EXPECT_EQ(primary.vpc_ipv4_cidr_blocks, std::vector<std::string>{"172.31.0.0/16"});
  EXPECT_TRUE(primary.ipv6s.empty() && primary.vpc_ipv6_cidr_blocks.empty());
}

TEST(InstanceDescription, DerivesThePrimaryInterfaceAlone) {
  InstanceDescription given = sample();
  for (const bool is_told : {false, true}) {
    if (is_told) given.interfaces = {{.local_ipv4s = {"10.1.2.3"}, .vpc_id = "vpc-1"}, {}};
    const NetworkInterface whole = complete(given).interfaces.front();
    const NetworkInterface alone = primary_interface(given);
    EXPECT_EQ(alone.vpc_id, whole.vpc_id);
    EXPECT_EQ(alone.local_ipv4s, whole.local_ipv4s);
    EXPECT_EQ(alone.subnet_id, whole.subnet_id);
  }
}

TEST(InstanceDescription, DerivesIdsOfSeventeenDigits) {
  const InstanceDescription d = complete(sample());
  const NetworkInterface& primary = d.interfaces[0];
  const std::pair<std::string_view, std::string> ids[] = {{"ami-", d.ami_id},
                                                          {"r-", d.reservation_id},
                                                          {"sg-", d.security_group_ids[0]},
                                                          {"eni-", primary.interface_id},
                                                          {"subnet-", primary.subnet_id},
                                                          {"vpc-", primary.vpc_id}};
  for (const auto& [prefix, id] : ids) {
    EXPECT_TRUE(id.starts_with(prefix)) << id;
    EXPECT_EQ(id.size(), prefix.size() + 17) << id;
    EXPECT_EQ(id.find_first_not_of(kHex, prefix.size()), std::string::npos) << id;
  }
}

TEST(InstanceDescription, DerivesMacAddressesThatNobodyOwns) {
  const std::string mac = complete(sample()).interfaces[0].mac;
  EXPECT_TRUE(mac.starts_with("0a:") && mac.size() == 17) << mac;
  for (std::size_t i = 0; i < mac.size(); ++i) EXPECT_EQ(mac[i] == ':', i % 3 == 2) << mac;
  EXPECT_EQ(mac.find_first_not_of("0123456789abcdef:"), std::string::npos) << mac;
}

TEST(InstanceDescription, DerivesTheSameAtEachStart) {
  const InstanceDescription a = complete(sample()), b = complete(sample());
  EXPECT_EQ(a.ami_id, b.ami_id);
  EXPECT_EQ(a.reservation_id, b.reservation_id);
  EXPECT_EQ(a.interfaces[0].local_ipv4s, b.interfaces[0].local_ipv4s);
  EXPECT_EQ(a.interfaces[0].mac, b.interfaces[0].mac);
  EXPECT_EQ(a.interfaces[0].interface_id, b.interfaces[0].interface_id);
}

TEST(InstanceDescription, DerivesFromTheIdOfEachInstance) {
  std::set<std::string> values, shared;
  for (const char* id : {"i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60719", "i-00000000000000000"}) {
    InstanceDescription d = sample();
    d.id = id;
    d = complete(d);
    const NetworkInterface& primary = d.interfaces[0];
    values.insert(
        {d.ami_id, d.reservation_id, primary.mac, primary.interface_id, primary.local_ipv4s[0]});
    shared.insert({primary.vpc_id, primary.subnet_id, d.security_group_ids[0]});
  }
  EXPECT_EQ(values.size(), 15u);
  EXPECT_EQ(shared.size(), 3u);
}

TEST(InstanceDescription, SharesTheVpcOfARegionAndTheSubnetOfAZone) {
  InstanceDescription other = sample();
  other.availability_zone = "us-east-1b";
  const auto a = complete(sample()).interfaces[0], b = complete(other).interfaces[0];
  EXPECT_EQ(a.vpc_id, b.vpc_id);
  EXPECT_NE(a.subnet_id, b.subnet_id);
  EXPECT_NE(a.subnet_ipv4_cidr_block, b.subnet_ipv4_cidr_block);
  other.account_id = "210987654321";
  EXPECT_NE(complete(other).interfaces[0].vpc_id, a.vpc_id);
}

TEST(InstanceDescription, PutsZonesIntoTheirSubnets) {
  for (const char zone : std::string("abcdef")) {
    InstanceDescription d = sample();
    d.availability_zone.back() = zone;
    const NetworkInterface primary = complete(d).interfaces[0];
    const int third = std::stoi(primary.local_ipv4s[0].substr(7));
    EXPECT_EQ(third / 16, zone - 'a') << primary.local_ipv4s[0];
    EXPECT_EQ(primary.subnet_ipv4_cidr_block,
              "172.31." + std::to_string((zone - 'a') * 16) + ".0/20");
  }
}

TEST(InstanceDescription, KeepsWhatIsSet) {
  InstanceDescription d = sample();
  d.region = "eu-west-1";
  d.availability_zone_id = "use1-az4";
  d.partition = "aws-cn";
  d.architecture = "arm64";
  d.hypervisor = "xen";
  d.ami_id = "ami-1";
  d.hostname = "web.example.com";
  d.security_groups = {"a", "b"};
  d.interfaces = {{.mac = "02:00:00:00:00:01",
                   .interface_id = "eni-1",
                   .device_number = 3,
                   .local_ipv4s = {"10.1.2.3"},
                   .public_ipv4s = {"3.4.5.6"},
                   .public_hostname = "www.example.com",
                   .subnet_id = "subnet-1",
                   .vpc_id = "vpc-1"}};
  const InstanceDescription done = complete(d);
  EXPECT_EQ(done.region, "eu-west-1");
  EXPECT_EQ(done.availability_zone_id, "use1-az4");
  EXPECT_EQ(done.partition, "aws-cn");
  EXPECT_EQ(done.architecture, "arm64");
  EXPECT_EQ(done.hypervisor, "xen");
  EXPECT_EQ(done.ami_id, "ami-1");
  EXPECT_EQ(done.hostname, "web.example.com");
  EXPECT_EQ(done.security_group_ids.size(), 2u);
  const NetworkInterface& primary = done.interfaces[0];
  EXPECT_EQ(primary.mac, "02:00:00:00:00:01");
  EXPECT_EQ(primary.interface_id, "eni-1");
  EXPECT_EQ(primary.device_number, 3);
  EXPECT_EQ(primary.local_ipv4s[0], "10.1.2.3");
  EXPECT_EQ(primary.local_hostname, "ip-10-1-2-3.eu-west-1.compute.internal");
  EXPECT_EQ(primary.public_hostname, "www.example.com");
  EXPECT_EQ(primary.subnet_id, "subnet-1");
  EXPECT_EQ(primary.vpc_id, "vpc-1");
  EXPECT_EQ(primary.subnet_ipv4_cidr_block, "10.1.0.0/20");
  EXPECT_EQ(primary.vpc_ipv4_cidr_blocks[0], "10.1.0.0/16");
}

TEST(InstanceDescription, GivesEachInterfaceItsOwn) {
  InstanceDescription d = sample();
  d.interfaces.resize(3);
  d = complete(d);
  std::set<std::string> values;
  for (const auto& interface : d.interfaces) {
    values.insert({interface.mac, interface.interface_id, interface.local_ipv4s[0],
                   interface.local_hostname, std::to_string(*interface.device_number)});
    EXPECT_EQ(interface.subnet_id, d.interfaces[0].subnet_id);
  }
  EXPECT_EQ(values.size(), 15u);
  EXPECT_EQ(d.interfaces[0].mac, complete(sample()).interfaces[0].mac);
}

TEST(InstanceDescription, KeepsItsInterfacesInOneVpc) {
  InstanceDescription d = sample();
  d.interfaces = {{.local_ipv4s = {"10.1.18.3"}, .ipv6s = {"2001:db8:0:1::5"}},
                  {},
                  {.local_ipv4s = {"10.1.99.3"}},
                  {.ipv6_only = true, .ipv6s = {"2001:db8:0:2::5"}}};
  d = complete(d);
  for (const auto& interface : d.interfaces) {
    EXPECT_EQ(interface.vpc_id, d.interfaces[0].vpc_id);
    if (!interface.ipv6_only) {
      EXPECT_EQ(interface.vpc_ipv4_cidr_blocks, d.interfaces[0].vpc_ipv4_cidr_blocks);
    }
  }
  EXPECT_EQ(d.interfaces[1].subnet_ipv4_cidr_block, "10.1.16.0/20");
  EXPECT_EQ(d.interfaces[1].subnet_id, d.interfaces[0].subnet_id);
  EXPECT_EQ(d.interfaces[2].subnet_ipv4_cidr_block, "10.1.96.0/20");
  EXPECT_NE(d.interfaces[2].subnet_id, d.interfaces[0].subnet_id);
  EXPECT_TRUE(d.interfaces[1].vpc_ipv6_cidr_blocks.empty());
  EXPECT_EQ(d.interfaces[3].vpc_ipv6_cidr_blocks, d.interfaces[0].vpc_ipv6_cidr_blocks);
}

struct BlockCase {
  std::string_view name, address, subnet, vpc;
};

class Ipv6Blocks : public testing::TestWithParam<BlockCase> {};

TEST_P(Ipv6Blocks, ShowAllTheirGroups) {
  InstanceDescription d = sample();
  d.interfaces = {{.ipv6_only = true, .ipv6s = {std::string(GetParam().address)}}};
  const NetworkInterface done = complete(d).interfaces[0];
  EXPECT_EQ(done.subnet_ipv6_cidr_blocks[0], GetParam().subnet);
  EXPECT_EQ(done.vpc_ipv6_cidr_blocks[0], GetParam().vpc);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Ipv6Blocks,
    testing::Values(BlockCase{"usual", "2406:da18:86c:daf1::5", "2406:da18:86c:daf1:0:0:0:0/64",
                              "2406:da18:86c:da00:0:0:0:0/56"},
                    BlockCase{"zeros_in_front_of_the_end", "2001:db8:0:1::5",
                              "2001:db8:0:1:0:0:0:0/64", "2001:db8:0:0:0:0:0:0/56"},
                    BlockCase{"zeros_alone", "::5", "0:0:0:0:0:0:0:0/64", "0:0:0:0:0:0:0:0/56"},
                    BlockCase{"zeros_at_the_start", "0:0:0:1::5", "0:0:0:1:0:0:0:0/64",
                              "0:0:0:0:0:0:0:0/56"}),
    [](const auto& i) { return std::string(i.param.name); });

TEST(InstanceDescription, NamesEachIpv6BlockOnce) {
  InstanceDescription d = sample();
  d.interfaces = {{.ipv6s = {"2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"}}};
  const NetworkInterface done = complete(d).interfaces[0];
  EXPECT_EQ(done.subnet_ipv6_cidr_blocks.size(), 2u);
  EXPECT_EQ(done.vpc_ipv6_cidr_blocks.size(), 1u);
}

struct HostnameCase {
  std::string_view name, zone, private_name, public_name, ipv6_only_name;
};

class Hostnames : public testing::TestWithParam<HostnameCase> {};

TEST_P(Hostnames, FollowFromAddressesAndRegion) {
  InstanceDescription d = sample();
  d.availability_zone = GetParam().zone;
  d.interfaces = {{.local_ipv4s = {"10.0.0.5"}, .public_ipv4s = {"3.89.187.177"}}};
  EXPECT_EQ(complete(d).hostname, GetParam().private_name);
  EXPECT_EQ(complete(d).interfaces[0].public_hostname, GetParam().public_name);
  d.interfaces = {{.ipv6_only = true, .ipv6s = {"2001:db8::1"}}};
  EXPECT_EQ(complete(d).hostname, GetParam().ipv6_only_name);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Hostnames,
    testing::Values(HostnameCase{"us_east_1", "us-east-1a", "ip-10-0-0-5.ec2.internal",
                                 "ec2-3-89-187-177.compute-1.amazonaws.com",
                                 "i-0a1b2c3d4e5f60718.ec2.internal"},
                    HostnameCase{"us_west_2", "us-west-2c",
                                 "ip-10-0-0-5.us-west-2.compute.internal",
                                 "ec2-3-89-187-177.us-west-2.compute.amazonaws.com",
                                 "i-0a1b2c3d4e5f60718.us-west-2.compute.internal"},
                    HostnameCase{"china", "cn-north-1a", "ip-10-0-0-5.cn-north-1.compute.internal",
                                 "ec2-3-89-187-177.cn-north-1.compute.amazonaws.com.cn",
                                 "i-0a1b2c3d4e5f60718.cn-north-1.compute.internal"},
                    HostnameCase{"gov", "us-gov-west-1a",
                                 "ip-10-0-0-5.us-gov-west-1.compute.internal",
                                 "ec2-3-89-187-177.us-gov-west-1.compute.amazonaws.com",
                                 "i-0a1b2c3d4e5f60718.us-gov-west-1.compute.internal"}),
    [](const auto& i) { return std::string(i.param.name); });

struct TypeCase {
  std::string_view name, type, architecture, hypervisor;
};

class InstanceTypes : public testing::TestWithParam<TypeCase> {};

TEST_P(InstanceTypes, DecideArchitectureAndHypervisor) {
  InstanceDescription d = sample();
  d.type = GetParam().type;
  EXPECT_EQ(complete(d).architecture, GetParam().architecture);
  EXPECT_EQ(complete(d).hypervisor, GetParam().hypervisor);
}

INSTANTIATE_TEST_SUITE_P(Table, InstanceTypes,
                         testing::Values(TypeCase{"t2", "t2.micro", "x86_64", "xen"},
                                         TypeCase{"t3", "t3.micro", "x86_64", "nitro"},
                                         TypeCase{"m4", "m4.xlarge", "x86_64", "xen"},
                                         TypeCase{"i3", "i3.large", "x86_64", "xen"},
                                         TypeCase{"i3_metal", "i3.metal", "x86_64", "nitro"},
                                         TypeCase{"t4g", "t4g.nano", "arm64", "nitro"},
                                         TypeCase{"c6gn", "c6gn.large", "arm64", "nitro"},
                                         TypeCase{"x2gd", "x2gd.metal", "arm64", "nitro"},
                                         TypeCase{"g4dn", "g4dn.xlarge", "x86_64", "nitro"},
                                         TypeCase{"mac1", "mac1.metal", "x86_64", "nitro"},
                                         TypeCase{"mac2", "mac2.metal", "arm64", "nitro"},
                                         TypeCase{"mac2_m2", "mac2-m2.metal", "arm64", "nitro"},
                                         TypeCase{"mac_m4", "mac-m4.metal", "arm64", "nitro"},
                                         TypeCase{"g5g", "g5g.xlarge", "arm64", "nitro"},
                                         TypeCase{"a1", "a1.large", "arm64", "nitro"},
                                         TypeCase{"none", "", "x86_64", "nitro"}),
                         [](const auto& i) { return std::string(i.param.name); });

}  // namespace
}  // namespace imdsd::imds
