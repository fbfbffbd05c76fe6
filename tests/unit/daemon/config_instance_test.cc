// SPDX-License-Identifier: MIT
#include "daemon/config_instance.h"

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

imds::InstanceDescription described(const std::string& text) {
  return TestConfig{text}.config().instances.at(0).description;
}

TEST(ConfigInstance, DescribesAnInstanceByDefault) {
  const auto d = described("");
  EXPECT_EQ(d.id, "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(d.type, "t3.micro");
  EXPECT_EQ(d.account_id, "123456789012");
  EXPECT_EQ(d.region, "us-east-1");
  EXPECT_EQ(d.availability_zone, "us-east-1a");
  EXPECT_EQ(d.interfaces.size(), 1u);
  EXPECT_EQ(d.instance_life_cycle, "on-demand");
  EXPECT_FALSE(d.instance_metadata_tags);
  EXPECT_FALSE(d.user_data);
}

TEST(ConfigInstance, ReadsEveryKey) {
  const auto d = described(R"([imds]
instance_metadata_tags = "enabled"
[[instance]]
id = "i-0a1b2c3d"
type = "m7g.large"
availability_zone = "us-east-1b"
availability_zone_id = "use1-az6"
launch_time = "2026-02-03T04:05:06Z"
architecture = "i386"
system = "xen-on-nitro"
reservation_id = "r-0a1b2c3d"
ami_id = "ami-0a1b2c3d"
ami_launch_index = 4
ami_manifest_path = "bucket/image.manifest.xml"
ancestor_ami_ids = ["ami-0a1b2c3e"]
kernel_id = "aki-0a1b2c3d"
ramdisk_id = "ari-0a1b2c3d"
product_codes = ["abc"]
billing_products = ["bp-1"]
hostname = "Web.Example.com"
security_groups = ["one", "the second"]
security_group_ids = ["sg-0a1b2c3d", "sg-0a1b2c3e"]
group_name = "cluster"
host_id = "h-0a1b2c3d"
partition_number = 7
life_cycle = "spot"
action = "shutdown"
monitoring = "enabled"
hibernation_configured = false
target_lifecycle_state = "Warmed:Stopped"
tags = [{ key = "Name", value = "a web server" }, { key = "empty", value = "" }]
[[instance.public_key]]
name = "my-key"
openssh_key = "ssh-ed25519 AAAA my-key"
[[instance.block_device]]
name = "ebs1"
device = "sdb"
[[instance.metadata]]
path = "spot/termination-time"
value = ""
[[instance.metadata]]
path = "metrics/vhostmd"
absent = true
)");
  EXPECT_EQ(d.availability_zone_id, "use1-az6");
  EXPECT_EQ(d.launch_time, std::chrono::sys_days(std::chrono::year(2026) / 2 / 3) +
                               std::chrono::seconds(4 * 3600 + 5 * 60 + 6));
  EXPECT_EQ(d.architecture, "i386");
  EXPECT_EQ(d.hypervisor, "xen-on-nitro");
  EXPECT_EQ(d.reservation_id, "r-0a1b2c3d");
  EXPECT_EQ(d.ami_launch_index, "4");
  EXPECT_EQ(d.ami_manifest_path, "bucket/image.manifest.xml");
  EXPECT_EQ(d.ancestor_ami_ids, std::vector<std::string>{"ami-0a1b2c3e"});
  EXPECT_EQ(d.kernel_id, "aki-0a1b2c3d");
  EXPECT_EQ(d.ramdisk_id, "ari-0a1b2c3d");
  EXPECT_EQ(d.product_codes, std::vector<std::string>{"abc"});
  EXPECT_EQ(d.billing_products, std::vector<std::string>{"bp-1"});
  EXPECT_EQ(d.hostname, "web.example.com");
  EXPECT_EQ(d.security_groups, (std::vector<std::string>{"one", "the second"}));
  EXPECT_EQ(d.security_group_ids, (std::vector<std::string>{"sg-0a1b2c3d", "sg-0a1b2c3e"}));
  EXPECT_EQ(d.group_name, "cluster");
  EXPECT_EQ(d.host_id, "h-0a1b2c3d");
  EXPECT_EQ(d.partition_number, "7");
  EXPECT_EQ(d.instance_life_cycle, "spot");
  EXPECT_EQ(d.instance_action, "shutdown");
  EXPECT_EQ(d.monitoring, "enabled");
  EXPECT_EQ(d.hibernation_configured, "false");
  EXPECT_EQ(d.target_lifecycle_state, "Warmed:Stopped");
  EXPECT_TRUE(d.instance_metadata_tags);
  ASSERT_EQ(d.tags.size(), 2u);
  EXPECT_EQ(d.tags[0].second, "a web server");
  ASSERT_EQ(d.public_keys.size(), 1u);
  EXPECT_EQ(d.public_keys[0].openssh_key, "ssh-ed25519 AAAA my-key");
  ASSERT_EQ(d.block_devices.size(), 1u);
  EXPECT_EQ(d.block_devices[0].device, "sdb");
  ASSERT_EQ(d.overrides.size(), 2u);
  EXPECT_EQ(d.overrides[0].value, "");
  EXPECT_EQ(d.overrides[1].value, std::nullopt);
}

TEST(ConfigInstance, ReadsNetworkInterfaces) {
  const auto d = described(R"([[instance]]
[[instance.network_interface]]
mac = "02:00:00:00:00:01"
interface_id = "eni-0a1b2c3d"
device_number = 2
network_card = 1
local_ipv4s = ["10.1.2.3", "10.1.2.4"]
public_ipv4s = ["203.0.113.10"]
ipv6s = ["2001:DB8:0:1:0:0:0:5"]
ipv4_prefixes = ["10.1.3.0/28"]
ipv6_prefixes = ["2001:db8:0:1:1::/80"]
local_hostname = "in.example.com"
public_hostname = "out.example.com"
owner_id = "210987654321"
security_groups = ["net"]
security_group_ids = ["sg-0a1b2c3d"]
subnet_id = "subnet-0a1b2c3d"
subnet_ipv4_cidr_block = "10.1.2.0/24"
subnet_ipv6_cidr_blocks = ["2001:db8:0:1::/64"]
vpc_id = "vpc-0a1b2c3d"
vpc_ipv4_cidr_blocks = ["10.1.0.0/16"]
vpc_ipv6_cidr_blocks = ["2001:db8::/56"]
[[instance.network_interface]]
local_ipv4s = []
ipv6s = ["2001:db8::1"]
)");
  ASSERT_EQ(d.interfaces.size(), 2u);
  const auto& first = d.interfaces[0];
  EXPECT_EQ(first.mac, "02:00:00:00:00:01");
  EXPECT_EQ(first.interface_id, "eni-0a1b2c3d");
  EXPECT_EQ(first.device_number, 2);
  EXPECT_EQ(first.network_card, 1);
  EXPECT_EQ(first.local_ipv4s, (std::vector<std::string>{"10.1.2.3", "10.1.2.4"}));
  EXPECT_EQ(first.public_ipv4s, std::vector<std::string>{"203.0.113.10"});
  EXPECT_EQ(first.ipv6s, std::vector<std::string>{"2001:db8:0:1::5"});
  EXPECT_EQ(first.ipv4_prefixes, std::vector<std::string>{"10.1.3.0/28"});
  EXPECT_EQ(first.ipv6_prefixes, std::vector<std::string>{"2001:db8:0:1:1::/80"});
  EXPECT_EQ(first.local_hostname, "in.example.com");
  EXPECT_EQ(first.public_hostname, "out.example.com");
  EXPECT_EQ(first.owner_id, "210987654321");
  EXPECT_EQ(first.security_groups, std::vector<std::string>{"net"});
  EXPECT_EQ(first.security_group_ids, std::vector<std::string>{"sg-0a1b2c3d"});
  EXPECT_EQ(first.subnet_id, "subnet-0a1b2c3d");
  EXPECT_EQ(first.subnet_ipv4_cidr_block, "10.1.2.0/24");
  EXPECT_EQ(first.subnet_ipv6_cidr_blocks, std::vector<std::string>{"2001:db8:0:1::/64"});
  EXPECT_EQ(first.vpc_id, "vpc-0a1b2c3d");
  EXPECT_EQ(first.vpc_ipv4_cidr_blocks, std::vector<std::string>{"10.1.0.0/16"});
  EXPECT_EQ(first.vpc_ipv6_cidr_blocks, std::vector<std::string>{"2001:db8::/56"});
  EXPECT_FALSE(first.ipv6_only);
  EXPECT_TRUE(d.interfaces[1].ipv6_only);
}

TEST(ConfigInstance, TakesShortKeysForTheFirstInterface) {
  const auto d = described(
      "[[instance]]\nlocal_ipv4 = \"10.0.0.5\"\nmac = \"02:00:00:00:00:01\"\n"
      "public_ipv4 = \"203.0.113.10\"\n[[instance.network_interface]]\nipv6s = "
      "[\"2001:db8::1\"]\n");
  ASSERT_EQ(d.interfaces.size(), 1u);
  EXPECT_EQ(d.interfaces[0].local_ipv4s, std::vector<std::string>{"10.0.0.5"});
  EXPECT_EQ(d.interfaces[0].mac, "02:00:00:00:00:01");
  EXPECT_EQ(d.interfaces[0].public_ipv4s, std::vector<std::string>{"203.0.113.10"});
  EXPECT_EQ(d.interfaces[0].ipv6s, std::vector<std::string>{"2001:db8::1"});
}

TEST(ConfigInstance, ReadsValuesFromFiles) {
  const TestConfig config{
      "[[instance]]\n[[instance.metadata]]\npath = \"managed-ssh-keys/signer-cert\"\n"
      "value_file = \"signer.pem\"\n",
      {},
      {},
      {{"conf/signer.pem", "-----BEGIN…\n"}}};
  EXPECT_EQ(config.config().instances[0].description.overrides.at(0).value, "-----BEGIN…\n");
}

TEST(ConfigInstance, TakesAnyTagWhileMetadataShowsNone) {
  const std::string tags = "tags = [{ key = \"cost center/1\", value = \"x\" }]\n";
  EXPECT_EQ(TestConfig{"[[instance]]\n" + tags}.problems(), "");
  EXPECT_EQ(
      (TestConfig{"[imds]\ninstance_metadata_tags = \"enabled\"\n[[instance]]\n" + tags}
           .problems()),
      "config.toml:4:17: instance.0.tags.0.key: must be letters, digits and `+-=.,_:@`, and not "
      "`.`, `..` or `_index`, as imds.instance_metadata_tags is enabled (got `cost center/1`)\n");
}

TEST(ConfigInstance, WarnsOfFaultsOnNamesThatNobodyHas) {
  const TestConfig config{
      "[[instance]]\nfault = [{ path = \"placment/*\", status = 503 },\n"
      "{ path = \"spot/*\", status = 503 }, { path = \"my/own\", status = 503 }]\n"
      "metadata = [{ path = \"my/own\", value = \"1\" }]\n"};
  const auto loaded = config.parse();
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->warnings.size(), 1U);
  EXPECT_EQ(loaded->warnings[0].to_string(),
            "config.toml:2:19: instance.0.fault.0.path: EC2 has no `meta-data/placment`, did you "
            "mean `placement`?");
}

TEST(ConfigInstance, RefusesWhatFollowsForAnotherInterface) {
  const auto two = imds::complete(described("[[instance]]\nnetwork_interface = [{}, {}]\n"));
  const std::string mac = two.interfaces.at(0).mac;
  EXPECT_EQ((TestConfig{"[[instance]]\nnetwork_interface = [{}, { mac = \"" + mac +
                        "\" }]\nmetadata = [{ path = \"spot/x\", value = \"\" }]\n"}
                 .problems()),
            "config.toml:2:34: instance.0.network_interface.1.mac: `" + mac +
                "` belongs to another interface: it is what follows for "
                "instance.0.network_interface.0.mac, which is not set\n");
  const std::string first = two.interfaces.at(0).local_ipv4s.at(0);
  EXPECT_EQ((TestConfig{"[[instance]]\nnetwork_interface = [{}, { local_ipv4s = [\"10.0.0.1\", \"" +
                        first + "\"] }]\n"}
                 .problems()),
            "config.toml:2:42: instance.0.network_interface.1.local_ipv4s: `" + first +
                "` belongs to another interface: it is what follows for "
                "instance.0.network_interface.0.local_ipv4s, which is not set\n");
  const std::string second = two.interfaces.at(1).local_ipv4s.at(0);
  EXPECT_EQ(
      (TestConfig{"[[instance]]\nlocal_ipv4 = \"" + second + "\"\nnetwork_interface = [{}, {}]\n"}
           .problems()),
      "config.toml:2:14: instance.0.local_ipv4: `" + second +
          "` belongs to another interface: it is what follows for "
          "instance.0.network_interface.1.local_ipv4s, which is not set\n");
}

TEST(ConfigInstance, RefusesTheSameDerivedAddressTwice) {
  std::string tables;
  for (int i = 0; i < 250; ++i) tables += "{},";
  const std::string problems =
      TestConfig{"[[instance]]\nnetwork_interface = [" + tables + "]\n"}.problems();
  EXPECT_NE(problems.find("local_ipv4s: `172.31."), std::string::npos) << problems;
  EXPECT_NE(problems.find("which is not set"), std::string::npos) << problems;
}

TEST(ConfigInstance, CutsLongValuesBetweenCharacters) {
  const std::string ascii(79, 'x');
  EXPECT_EQ((TestConfig{"[[instance]]\nlaunch_time = \"" + ascii + "\xC3\xA9\"\n"}.problems()),
            "config.toml:2:15: instance.0.launch_time: must be a time such as "
            "`2026-01-01T12:00:00Z` (got `" +
                ascii + "…`)\n");
}

struct ErrorCase {
  std::string_view name, text, problems;  // the text behind [[instance]]
};

class ConfigInstanceErrors : public testing::TestWithParam<ErrorCase> {};

TEST_P(ConfigInstanceErrors, HavePlaceAndReason) {
  EXPECT_EQ(TestConfig{"[[instance]]\n" + std::string(GetParam().text)}.problems(),
            GetParam().problems);
}

constexpr ErrorCase kCases[] = {
    {"BadTime", "launch_time = \"yesterday\"\n",
     "config.toml:2:15: instance.0.launch_time: must be a time such as `2026-01-01T12:00:00Z` (got "
     "`yesterday`)\n"},
    {"BadLifeCycle", "life_cycle = \"reserved\"\n",
     "config.toml:2:14: instance.0.life_cycle: must be `on-demand`, `spot`, `scheduled` or "
     "`capacity-block` (got `reserved`)\n"},
    {"BadState", "target_lifecycle_state = \"Pending\"\n",
     "config.toml:2:26: instance.0.target_lifecycle_state: must be `Detached`, `InService`, "
     "`Standby`, `Terminated`, `Warmed:Hibernated`, `Warmed:Running`, `Warmed:Stopped` or "
     "`Warmed:Terminated` (got `Pending`)\n"},
    {"BadPartition", "partition_number = 0\n",
     "config.toml:2:20: instance.0.partition_number: must be 1..7 (got 0)\n"},
    {"BadGroupId", "security_group_ids = [\"default\"]\n",
     "config.toml:2:22: instance.0.security_group_ids: must be `sg-` and 8 or 17 lower-case hex "
     "digits (got `default`)\n"},
    {"TwoLines", "group_name = \"a\\nb\"\n",
     "config.toml:2:14: instance.0.group_name: must be one line of text (got `a\nb`)\n"},
    {"BadDeviceName", "block_device = [{ name = \"disk\", device = \"sda\" }]\n",
     "config.toml:2:26: instance.0.block_device.0.name: must be `ami`, `root`, `swap`, `ebs` or "
     "`ephemeral` and a number (got `disk`)\n"},
    {"DeviceTwice",
     "block_device = [{ name = \"ebs1\", device = \"a\" }, { name = \"ebs1\", device = \"b\" }]\n",
     "config.toml:2:59: instance.0.block_device.1.name: `ebs1` is there twice\n"},
    {"TagTwice", "tags = [{ key = \"a\", value = \"1\" }, { key = \"a\", value = \"2\" }]\n",
     "config.toml:2:45: instance.0.tags.1.key: `a` is there twice\n"},
    {"KeyWithoutText", "public_key = [{ name = \"k\" }]\n",
     "config.toml:2:15: instance.0.public_key.0.openssh_key: is required\n"},
    {"BadIpv6", "network_interface = [{ ipv6s = [\"10.0.0.1\"] }]\n",
     "config.toml:2:32: instance.0.network_interface.0.ipv6s: must be an IPv6 address (got "
     "`10.0.0.1`)\n"},
    {"BadBlock", "network_interface = [{ subnet_ipv4_cidr_block = \"10.0.0.1\" }]\n",
     "config.toml:2:49: instance.0.network_interface.0.subnet_ipv4_cidr_block: must be an IPv4 "
     "block such as `10.0.0.0/24` (got `10.0.0.1`)\n"},
    {"NoAddress", "network_interface = [{ local_ipv4s = [] }]\n",
     "config.toml:2:38: instance.0.network_interface.0.local_ipv4s: may be empty only beside "
     "ipv6s\n"},
    {"MacTwice",
     "network_interface = [{ mac = \"02:00:00:00:00:01\" }, { mac = \"02:00:00:00:00:01\" }]\n",
     "config.toml:2:61: instance.0.network_interface.1.mac: `02:00:00:00:00:01` belongs to another "
     "interface\n"},
    {"AddressTwice",
     "[[instance.network_interface]]\nlocal_ipv4s = [\"10.0.0.5\", \"10.0.0.5\"]\n"
     "public_ipv4s = [\"203.0.113.1\", \"203.0.113.1\"]\n"
     "ipv6s = [\"2001:db8::1\", \"2001:DB8:0::1\"]\nipv4_prefixes = [\"10.0.1.0/28\", "
     "\"10.0.1.0/28\"]\n[[instance.metadata]]\npath = \"spot/x\"\nvalue = \"\"\n",
     "config.toml:3:15: instance.0.network_interface.0.local_ipv4s: names `10.0.0.5` twice\n"
     "config.toml:4:16: instance.0.network_interface.0.public_ipv4s: names `203.0.113.1` twice\n"
     "config.toml:5:9: instance.0.network_interface.0.ipv6s: names `2001:db8::1` twice\n"
     "config.toml:6:17: instance.0.network_interface.0.ipv4_prefixes: names `10.0.1.0/28` "
     "twice\n"},
    {"AddressOfAnotherInterface",
     "network_interface = [{ local_ipv4s = [\"10.0.0.5\"], ipv6s = [\"2001:db8::1\"] },\n"
     "{ local_ipv4s = [\"10.0.0.6\", \"10.0.0.5\"], ipv6s = [\"2001:DB8:0::1\"] }]\n",
     "config.toml:3:17: instance.0.network_interface.1.local_ipv4s: `10.0.0.5` belongs to another "
     "interface\n"
     "config.toml:3:51: instance.0.network_interface.1.ipv6s: `2001:db8::1` belongs to another "
     "interface\n"},
    {"AddressOfTheFirstInterfaceInShort",
     "local_ipv4 = \"10.0.0.5\"\nnetwork_interface = [{}, { local_ipv4s = [\"10.0.0.5\"] }]\n",
     "config.toml:3:42: instance.0.network_interface.1.local_ipv4s: `10.0.0.5` belongs to another "
     "interface\n"},
    {"DeviceNumberTwice", "network_interface = [{ device_number = 1 }, { device_number = 1 }]\n",
     "config.toml:2:63: instance.0.network_interface.1.device_number: `1` belongs to another "
     "interface of network card 0\n"},
    {"DeviceNumberOfAnothersPlace", "network_interface = [{ device_number = 1 }, {}]\n",
     "config.toml:2:45: instance.0.network_interface.1.device_number: is required: `1`, its place, "
     "belongs to another interface of network card 0\n"},
    {"SaidTwice",
     "mac = \"02:00:00:00:00:01\"\nnetwork_interface = [{ mac = \"02:00:00:00:00:02\" }]\n",
     "config.toml:2:7: instance.0.mac: cannot be combined with "
     "instance.0.network_interface.0.mac\n"},
    {"UnknownKey", "[[instance.network_interface]]\nmca = \"02:00:00:00:00:01\"\n",
     "config.toml:3:1: instance.0.network_interface.0.mca: unknown key, did you mean `mac`?\n"},
    {"MetadataBelowAValue", "metadata = [{ path = \"mac/x\", value = \"1\" }]\n",
     "config.toml:2:22: instance.0.metadata.0.path: metadata `mac/x` lies below a value\n"},
    {"MetadataAtWhatOneBeforeHasMade",
     "metadata = [{ path = \"a\", value = \"1\" }, { path = \"a/b\", value = \"2\" }]\n",
     "config.toml:2:51: instance.0.metadata.1.path: metadata `a/b` lies below a value\n"},
    {"MetadataOfAPublicKey",
     "metadata = [{ path = \"public-keys/0/openssh-key\", absent = true }]\n"
     "public_key = [{ name = \"k1\", openssh_key = \"ssh-ed25519 AAAA k1\" }]\n",
     "config.toml:2:22: instance.0.metadata.0.path: metadata `public-keys/0/openssh-key` follows "
     "from the public keys of the instance\n"},
    {"MetadataWithoutValue", "metadata = [{ path = \"spot/x\" }]\n",
     "config.toml:2:13: instance.0.metadata.0.value: is required, or value_file\n"},
    {"MetadataAbsentWithValue", "metadata = [{ path = \"mac\", absent = true, value = \"1\" }]\n",
     "config.toml:2:38: instance.0.metadata.0.absent: cannot be combined with a value\n"},
    {"FaultOutOfBounds", "fault = [{ path = \"iam/*\", status = 99 }]\n",
     "config.toml:2:37: instance.0.fault.0.status: must be a whole number from 200 to 599 (got "
     "`99`)\n"},
    {"FaultWithoutEffect", "fault = [{ path = \"iam/*\", hang = false }]\n",
     "config.toml:2:10: instance.0.fault.0: the rule does nothing: give it an effect, such as "
     "`status`, `latency` or `reset`\n"},
    {"FaultOfAnUnknownScenario", "fault = [{ scenario = \"imds-of\" }]\n",
     "config.toml:2:23: instance.0.fault.0.scenario: there is no scenario `imds-of`, did you mean "
     "`imds-off`?\n"},
    {"FaultUnknownKey", "fault = [{ stauts = 503, reset = true }]\n",
     "config.toml:2:12: instance.0.fault.0.stauts: unknown key, did you mean `status`?\n"},
};

INSTANTIATE_TEST_SUITE_P(Table, ConfigInstanceErrors, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace imdsd::daemon
