// SPDX-License-Identifier: MIT
// Each category: its value, and what it takes to be there.
#include "imds/instance_metadata.h"

#include <string>

#include <gtest/gtest.h>

#include "imds/identity_document.h"
#include "tests/unit/imds/sample_instance.h"

namespace imdsd::imds {
namespace {

InstanceDescription plain() {
  InstanceDescription d = sample();
  d.ami_id = "ami-0123456789abcdef0";
  d.reservation_id = "r-0123456789abcdef0";
  d.interfaces = {{.mac = "0a:01:02:03:04:05", .local_ipv4s = {"172.31.4.5"}}};
  return d;
}

struct ValueCase {
  std::string_view path;
  std::string value;
};

class AlwaysThere : public testing::TestWithParam<ValueCase> {};

TEST_P(AlwaysThere, HasTheValue) {
  EXPECT_EQ(value_at(plain(), GetParam().path), GetParam().value);
}

std::string test_name(std::string_view path) {
  std::string name(path);
  for (char& c : name) {
    if (c == '/' || c == '-' || c == ':' || c == '.') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, AlwaysThere,
    testing::Values(
        ValueCase{"meta-data/ami-id", "ami-0123456789abcdef0"},
        ValueCase{"meta-data/ami-launch-index", "0"},
        ValueCase{"meta-data/ami-manifest-path", "(unknown)"},
        ValueCase{"meta-data/block-device-mapping", "ami\nroot"},
        ValueCase{"meta-data/block-device-mapping/ami", "xvda"},
        ValueCase{"meta-data/block-device-mapping/root", "/dev/xvda"},
        ValueCase{"meta-data/events", "maintenance/"},
        ValueCase{"meta-data/events/maintenance/history", "[]"},
        ValueCase{"meta-data/events/maintenance/scheduled", "[]"},
        ValueCase{"meta-data/hostname", "ip-172-31-4-5.ec2.internal"},
        ValueCase{"meta-data/instance-action", "none"},
        ValueCase{"meta-data/instance-id", "i-0a1b2c3d4e5f60718"},
        ValueCase{"meta-data/instance-life-cycle", "on-demand"},
        ValueCase{"meta-data/instance-type", "t3.micro"},
        ValueCase{"meta-data/local-hostname", "ip-172-31-4-5.ec2.internal"},
        ValueCase{"meta-data/local-ipv4", "172.31.4.5"},
        ValueCase{"meta-data/mac", "0a:01:02:03:04:05"},
        ValueCase{"meta-data/metrics/vhostmd", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"},
        ValueCase{"meta-data/placement/availability-zone", "us-east-1a"},
        ValueCase{"meta-data/placement/availability-zone-id", "use1-az1"},
        ValueCase{"meta-data/placement/region", "us-east-1"},
        ValueCase{"meta-data/profile", "default-hvm"},
        ValueCase{"meta-data/reservation-id", "r-0123456789abcdef0"},
        ValueCase{"meta-data/security-groups", "default"},
        ValueCase{"meta-data/services/domain", "amazonaws.com"},
        ValueCase{"meta-data/services/partition", "aws"}, ValueCase{"meta-data/system", "nitro"},
        ValueCase{"meta-data/identity-credentials/ec2/info",
                  "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-01-01T00:00:00Z\",\n"
                  "  \"AccountId\" : \"123456789012\"\n}"},
        ValueCase{"dynamic", "fws/\ninstance-identity/"},
        ValueCase{"dynamic/fws/instance-monitoring", "disabled"},
        ValueCase{"dynamic/instance-identity/document", identity_document(complete(plain()))}),
    [](const auto& i) { return test_name(i.param.path); });

struct ConditionCase {
  std::string_view path;
  std::string value;
  void (*set)(InstanceDescription& description);
};

class ThereOnceSet : public testing::TestWithParam<ConditionCase> {};

TEST_P(ThereOnceSet, AndListedThen) {
  const std::string path(GetParam().path);
  const std::size_t slash = path.rfind('/');
  const std::string folder = path.substr(0, slash), name = path.substr(slash + 1);
  InstanceDescription d = plain();
  EXPECT_EQ(value_at(d, path), "(absent)");
  EXPECT_EQ(("\n" + value_at(d, folder) + "\n").find("\n" + name + "\n"), std::string::npos);
  GetParam().set(d);
  EXPECT_EQ(value_at(d, path), GetParam().value);
  EXPECT_NE(("\n" + value_at(d, folder) + "\n").find("\n" + name + "\n"), std::string::npos);
}

using D = InstanceDescription;

INSTANTIATE_TEST_SUITE_P(
    Table, ThereOnceSet,
    testing::Values(
        ConditionCase{"meta-data/ancestor-ami-ids", "ami-1\nami-2",
                      [](D& d) {
                        d.ancestor_ami_ids = {"ami-1", "ami-2"};
                      }},
        ConditionCase{"meta-data/autoscaling/target-lifecycle-state", "InService",
                      [](D& d) { d.target_lifecycle_state = "InService"; }},
        ConditionCase{"meta-data/block-device-mapping/ebs1", "sdb",
                      [](D& d) {
                        d.block_devices = {{"ebs1", "sdb"}};
                      }},
        ConditionCase{"meta-data/hibernation/configured", "false",
                      [](D& d) { d.hibernation_configured = "false"; }},
        ConditionCase{"meta-data/ipv6", "2001:db8::1",
                      [](D& d) {
                        d.interfaces[0].ipv6s = {"2001:db8::1", "2001:db8::2"};
                      }},
        ConditionCase{"meta-data/kernel-id", "aki-1", [](D& d) { d.kernel_id = "aki-1"; }},
        ConditionCase{"meta-data/placement/group-name", "group",
                      [](D& d) { d.group_name = "group"; }},
        ConditionCase{"meta-data/placement/host-id", "h-1", [](D& d) { d.host_id = "h-1"; }},
        ConditionCase{"meta-data/placement/partition-number", "3",
                      [](D& d) { d.partition_number = "3"; }},
        ConditionCase{"meta-data/product-codes", "abc\ndef",
                      [](D& d) {
                        d.product_codes = {"abc", "def"};
                      }},
        ConditionCase{"meta-data/public-hostname", "ec2-3-4-5-6.compute-1.amazonaws.com",
                      [](D& d) { d.interfaces[0].public_ipv4s = {"3.4.5.6"}; }},
        ConditionCase{"meta-data/public-ipv4", "3.4.5.6",
                      [](D& d) {
                        d.interfaces[0].public_ipv4s = {"3.4.5.6", "3.4.5.7"};
                      }},
        ConditionCase{"meta-data/public-keys/0/openssh-key", "ssh-ed25519 AAAA my-key\n",
                      [](D& d) {
                        d.public_keys = {{"my-key", "ssh-ed25519 AAAA my-key"}};
                      }},
        ConditionCase{"meta-data/ramdisk-id", "ari-1", [](D& d) { d.ramdisk_id = "ari-1"; }},
        ConditionCase{"meta-data/tags/instance/Name", "web server",
                      [](D& d) {
                        d.tags = {{"Name", "web server"}};
                        d.instance_metadata_tags = true;
                      }},
        ConditionCase{"meta-data/spot/termination-time", "2026-01-01T00:02:00Z",
                      [](D& d) {
                        d.overrides = {{"spot/termination-time", "2026-01-01T00:02:00Z"}};
                      }}),
    [](const auto& i) { return test_name(i.param.path); });

TEST(MetadataRows, ShowTagsOnlyWhenTheOptionSaysSo) {
  InstanceDescription d = plain();
  d.tags = {{"Name", "web"}, {"Empty", ""}};
  EXPECT_EQ(value_at(d, "meta-data/tags"), "(absent)");
  d.instance_metadata_tags = true;
  EXPECT_EQ(value_at(d, "meta-data/tags"), "instance/");
  EXPECT_EQ(value_at(d, "meta-data/tags/instance"), "Empty\nName");
  EXPECT_EQ(value_at(d, "meta-data/tags/instance/Empty"), "");
}

TEST(MetadataRows, ListPublicKeysByNumberAndName) {
  InstanceDescription d = plain();
  d.public_keys = {{"one", "ssh-rsa A one"}, {"two", "ssh-rsa B two"}};
  EXPECT_EQ(value_at(d, "meta-data/public-keys"), "0=one\n1=two");
  EXPECT_EQ(value_at(d, "meta-data/public-keys/1"), "openssh-key");
  EXPECT_EQ(value_at(d, "meta-data/public-keys/1/openssh-key"), "ssh-rsa B two\n");
  EXPECT_EQ(value_at(d, "meta-data/public-keys/2"), "(absent)");
}

TEST(MetadataRows, HaveNoIpv4ValuesOnAnIpv6OnlyInstance) {
  InstanceDescription d = plain();
  d.interfaces = {{.ipv6_only = true, .ipv6s = {"2001:db8::1"}}};
  EXPECT_EQ(value_at(d, "meta-data/local-ipv4"), "(absent)");
  EXPECT_EQ(value_at(d, "meta-data/ipv6"), "2001:db8::1");
  EXPECT_EQ(value_at(d, "meta-data/local-hostname"), "i-0a1b2c3d4e5f60718.ec2.internal");
}

struct PartitionCase {
  std::string_view zone, partition, domain;
};

class Partitions : public testing::TestWithParam<PartitionCase> {};

TEST_P(Partitions, FollowFromTheRegion) {
  InstanceDescription d = plain();
  d.availability_zone = GetParam().zone;
  EXPECT_EQ(value_at(d, "meta-data/services/partition"), GetParam().partition);
  EXPECT_EQ(value_at(d, "meta-data/services/domain"), GetParam().domain);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Partitions,
    testing::Values(PartitionCase{"us-east-1a", "aws", "amazonaws.com"},
                    PartitionCase{"us-gov-west-1b", "aws-us-gov", "amazonaws.com"},
                    PartitionCase{"cn-north-1a", "aws-cn", "amazonaws.com.cn"}),
    [](const auto& i) { return test_name(i.param.partition); });

struct SinceCase {
  std::string_view path, before, since;
};

class DatedVersions : public testing::TestWithParam<SinceCase> {};

TEST_P(DatedVersions, HideWhatIsYounger) {
  const auto& [path, before, since] = GetParam();
  EXPECT_EQ(value_at(plain(), path, before), "(absent)");
  EXPECT_NE(value_at(plain(), path, since), "(absent)");
  EXPECT_EQ(value_at(plain(), path, since), value_at(plain(), path));
}

INSTANTIATE_TEST_SUITE_P(
    Table, DatedVersions,
    testing::Values(SinceCase{"meta-data/system", "2021-07-15", "2022-09-24"},
                    SinceCase{"meta-data/placement/region", "2019-10-01", "2020-10-27"},
                    SinceCase{"meta-data/instance-life-cycle", "2018-09-24", "2019-10-01"},
                    SinceCase{"meta-data/events", "2018-03-28", "2018-08-17"},
                    SinceCase{"meta-data/mac", "2009-04-04", "2011-01-01"},
                    SinceCase{"meta-data/network", "2009-04-04", "2011-01-01"},
                    SinceCase{"dynamic", "2008-09-01", "2009-04-04"}),
    [](const auto& i) { return test_name(i.param.path); });

TEST(DatedVersions, ListWhatTheyHad) {
  EXPECT_EQ(value_at(plain(), "", "1.0"), "meta-data");
  EXPECT_EQ(value_at(plain(), "", "2009-04-04"), "dynamic\nmeta-data");
  EXPECT_EQ(value_at(plain(), "meta-data", "1.0"),
            "ami-id\nami-launch-index\nami-manifest-path\nhostname\ninstance-id\nlocal-ipv4\n"
            "profile\nreservation-id\nsecurity-groups");
  EXPECT_EQ(value_at(plain(), "meta-data/placement", "2009-04-04"), "availability-zone");
}

TEST(MetadataRows, KeepUserDataAsItIs) {
  InstanceDescription d = plain();
  EXPECT_EQ(value_at(d, "user-data"), "(absent)");
  d.user_data = std::string("\x1f\x8b\0\n", 4);
  EXPECT_EQ(value_at(d, "user-data"), std::string("\x1f\x8b\0\n", 4));
  d.user_data = "";
  EXPECT_EQ(value_at(d, "user-data"), "");
}

TEST(BuildMetadataTree, MakesATreeOfAnyDescription) {
  EXPECT_TRUE(build_metadata_tree(sample(), {}));
  EXPECT_TRUE(build_metadata_tree({}, {}));
}

}  // namespace
}  // namespace imdsd::imds
