// SPDX-License-Identifier: MIT
#include "imds/instance_metadata.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "base/ip_address.h"

namespace imdsd::imds {
namespace {

InstanceDescription sample() {
  return {.id = "i-0a1b2c3d4e5f60718",
          .type = "t3.micro",
          .availability_zone = "us-east-1a",
          .account_id = "123456789012",
          .launch_time = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
}

std::string row_value(const InstanceDescription& description, std::string_view path) {
  for (const MetadataRow& row : metadata_rows(description)) {
    if (row.path == path) return row.value;
  }
  return "(absent)";
}

TEST(InstanceDescription, DerivesWhatIsNotSet) {
  const InstanceDescription d = complete(sample());
  EXPECT_EQ(d.region, "us-east-1");
  EXPECT_EQ(d.availability_zone_id, "use1-az1");
  EXPECT_EQ(d.partition, "aws");
  EXPECT_EQ(d.architecture, "x86_64");
  EXPECT_TRUE(d.ami_id.starts_with("ami-") && d.ami_id.size() == 21) << d.ami_id;
  EXPECT_EQ(d.ami_id.find_first_not_of("0123456789abcdef", 4), std::string::npos) << d.ami_id;
  EXPECT_TRUE(d.mac.starts_with("0a:") && d.mac.size() == 17) << d.mac;
  for (std::size_t i = 0; i < d.mac.size(); ++i) {
    EXPECT_EQ(d.mac[i] == ':', i % 3 == 2) << d.mac;
  }
  EXPECT_EQ(d.mac.find_first_not_of("0123456789abcdef:"), std::string::npos) << d.mac;
  EXPECT_TRUE(base::IpAddress::parse(d.local_ipv4)) << d.local_ipv4;
  EXPECT_TRUE(d.local_ipv4.starts_with("172.31.")) << d.local_ipv4;
  EXPECT_EQ(d.public_ipv4, "");
  EXPECT_EQ(d.public_hostname, "");
}

TEST(InstanceDescription, DerivesTheSameAtEachStart) {
  const InstanceDescription a = complete(sample()), b = complete(sample());
  EXPECT_EQ(a.ami_id, b.ami_id);
  EXPECT_EQ(a.local_ipv4, b.local_ipv4);
  EXPECT_EQ(a.mac, b.mac);
}

TEST(InstanceDescription, DerivesFromTheIdOfEachInstance) {
  std::set<std::string> values;
  for (const char* id : {"i-0a1b2c3d4e5f60718", "i-0a1b2c3d4e5f60719", "i-00000000000000000"}) {
    InstanceDescription d = sample();
    d.id = id;
    d = complete(d);
    values.insert(d.ami_id);
    values.insert(d.mac);
    values.insert(d.local_ipv4);
  }
  EXPECT_EQ(values.size(), 9u);
}

TEST(InstanceDescription, PutsZonesIntoTheirSubnets) {
  for (const char zone : std::string("abcdef")) {
    InstanceDescription d = sample();
    d.availability_zone.back() = zone;
    const std::string address = complete(d).local_ipv4;
    const int third = std::stoi(address.substr(7));
    EXPECT_EQ(third / 16, zone - 'a') << address;
  }
}

TEST(InstanceDescription, KeepsWhatIsSet) {
  InstanceDescription d = sample();
  d.region = "eu-west-1";
  d.availability_zone_id = "use1-az4";
  d.partition = "aws-cn";
  d.architecture = "arm64";
  d.ami_id = "ami-1";
  d.local_ipv4 = "10.1.2.3";
  d.mac = "02:00:00:00:00:01";
  d.hostname = "web.example.com";
  d.public_ipv4 = "3.4.5.6";
  d.public_hostname = "www.example.com";
  const InstanceDescription done = complete(d);
  EXPECT_EQ(done.region, "eu-west-1");
  EXPECT_EQ(done.availability_zone_id, "use1-az4");
  EXPECT_EQ(done.partition, "aws-cn");
  EXPECT_EQ(done.architecture, "arm64");
  EXPECT_EQ(done.ami_id, "ami-1");
  EXPECT_EQ(done.local_ipv4, "10.1.2.3");
  EXPECT_EQ(done.mac, "02:00:00:00:00:01");
  EXPECT_EQ(done.hostname, "web.example.com");
  EXPECT_EQ(done.public_hostname, "www.example.com");
}

struct HostnameCase {
  std::string_view name, zone, private_name, public_name;
};

class Hostnames : public testing::TestWithParam<HostnameCase> {};

TEST_P(Hostnames, FollowFromAddressesAndRegion) {
  InstanceDescription d = sample();
  d.availability_zone = GetParam().zone;
  d.local_ipv4 = "10.0.0.5";
  d.public_ipv4 = "3.89.187.177";
  d = complete(d);
  EXPECT_EQ(d.hostname, GetParam().private_name);
  EXPECT_EQ(d.public_hostname, GetParam().public_name);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Hostnames,
    testing::Values(HostnameCase{"us_east_1", "us-east-1a", "ip-10-0-0-5.ec2.internal",
                                 "ec2-3-89-187-177.compute-1.amazonaws.com"},
                    HostnameCase{"us_west_2", "us-west-2c",
                                 "ip-10-0-0-5.us-west-2.compute.internal",
                                 "ec2-3-89-187-177.us-west-2.compute.amazonaws.com"},
                    HostnameCase{"china", "cn-north-1a", "ip-10-0-0-5.cn-north-1.compute.internal",
                                 "ec2-3-89-187-177.cn-north-1.compute.amazonaws.com.cn"}),
    [](const auto& i) { return std::string(i.param.name); });

struct TypeCase {
  std::string_view name, type, architecture;
};

class Architecture : public testing::TestWithParam<TypeCase> {};

TEST_P(Architecture, FollowsFromTheType) {
  InstanceDescription d = sample();
  d.type = GetParam().type;
  EXPECT_EQ(complete(d).architecture, GetParam().architecture);
}

INSTANTIATE_TEST_SUITE_P(Table, Architecture,
                         testing::Values(TypeCase{"t3", "t3.micro", "x86_64"},
                                         TypeCase{"t4g", "t4g.nano", "arm64"},
                                         TypeCase{"c6gn", "c6gn.large", "arm64"},
                                         TypeCase{"x2gd", "x2gd.metal", "arm64"},
                                         TypeCase{"g4dn", "g4dn.xlarge", "x86_64"},
                                         TypeCase{"g5g", "g5g.xlarge", "arm64"},
                                         TypeCase{"a1", "a1.large", "arm64"},
                                         TypeCase{"none", "", "x86_64"}),
                         [](const auto& i) { return std::string(i.param.name); });

TEST(IdentityDocument, HasTheLayoutOfEc2) {
  InstanceDescription d = sample();
  d.ami_id = "ami-0123456789abcdef0";
  d.local_ipv4 = "172.31.4.5";
  EXPECT_EQ(identity_document(complete(d)),
            "{\n"
            "  \"accountId\" : \"123456789012\",\n"
            "  \"architecture\" : \"x86_64\",\n"
            "  \"availabilityZone\" : \"us-east-1a\",\n"
            "  \"billingProducts\" : null,\n"
            "  \"devpayProductCodes\" : null,\n"
            "  \"marketplaceProductCodes\" : null,\n"
            "  \"imageId\" : \"ami-0123456789abcdef0\",\n"
            "  \"instanceId\" : \"i-0a1b2c3d4e5f60718\",\n"
            "  \"instanceType\" : \"t3.micro\",\n"
            "  \"kernelId\" : null,\n"
            "  \"pendingTime\" : \"2026-01-01T00:00:00Z\",\n"
            "  \"privateIp\" : \"172.31.4.5\",\n"
            "  \"ramdiskId\" : null,\n"
            "  \"region\" : \"us-east-1\",\n"
            "  \"version\" : \"2017-09-30\"\n"
            "}");
}

TEST(MetadataRows, AgreeWithTheDescription) {
  InstanceDescription d = sample();
  d.local_ipv4 = "172.31.4.5";
  d.mac = "0a:01:02:03:04:05";
  d.ami_id = "ami-0123456789abcdef0";
  d = complete(d);
  const std::pair<std::string_view, std::string> expected[] = {
      {"meta-data/ami-id", "ami-0123456789abcdef0"},
      {"meta-data/hostname", "ip-172-31-4-5.ec2.internal"},
      {"meta-data/instance-id", "i-0a1b2c3d4e5f60718"},
      {"meta-data/instance-type", "t3.micro"},
      {"meta-data/local-hostname", "ip-172-31-4-5.ec2.internal"},
      {"meta-data/local-ipv4", "172.31.4.5"},
      {"meta-data/mac", "0a:01:02:03:04:05"},
      {"meta-data/placement/availability-zone", "us-east-1a"},
      {"meta-data/placement/availability-zone-id", "use1-az1"},
      {"meta-data/placement/region", "us-east-1"},
      {"meta-data/services/domain", "amazonaws.com"},
      {"meta-data/services/partition", "aws"},
      {"meta-data/public-hostname", "(absent)"},
      {"meta-data/public-ipv4", "(absent)"},
      {"user-data", "(absent)"},
      {"dynamic/instance-identity/document", identity_document(d)},
  };
  for (const auto& [path, value] : expected) EXPECT_EQ(row_value(d, path), value) << path;
}

TEST(MetadataRows, HavePublicNamesOnlyWithAPublicAddress) {
  InstanceDescription d = sample();
  d.public_ipv4 = "3.4.5.6";
  d = complete(d);
  EXPECT_EQ(row_value(d, "meta-data/public-ipv4"), "3.4.5.6");
  EXPECT_EQ(row_value(d, "meta-data/public-hostname"), "ec2-3-4-5-6.compute-1.amazonaws.com");
}

TEST(MetadataRows, KeepUserDataAsItIs) {
  InstanceDescription d = sample();
  d.user_data = std::string("\x1f\x8b\0\n", 4);
  EXPECT_EQ(row_value(complete(d), "user-data"), std::string("\x1f\x8b\0\n", 4));
  d.user_data = "";
  EXPECT_EQ(row_value(complete(d), "user-data"), "");
}

TEST(BuildMetadataTree, MakesATreeOfAnyDescription) {
  EXPECT_TRUE(build_metadata_tree(sample(), {}));
  EXPECT_TRUE(build_metadata_tree({}, {}));
}

}  // namespace
}  // namespace imdsd::imds
