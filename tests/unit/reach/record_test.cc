// SPDX-License-Identifier: MIT
#include "reach/record.h"

#include <gtest/gtest.h>

#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

Record whole() {
  const Rules rules{
      {{imds_v4(), *base::SocketAddress::parse("127.0.0.1:1338")}, {imds_v6(), std::nullopt}},
      "docker0"};
  return {"b1",
          {{.kind = Step::Kind::nft_table, .rules = rules},
           {.kind = Step::Kind::iptables_chain, .rules = rules, .table = "raw"},
           {.kind = Step::Kind::iptables_chain, .rules = rules, .table = "nat", .ipv6 = true},
           {.kind = Step::Kind::route_localnet, .interface = "docker0"},
           {.kind = Step::Kind::link, .interface = "imdsd0"},
           {.kind = Step::Kind::link_up, .interface = "imdsd0"},
           {.kind = Step::Kind::address, .interface = "lo", .address = imds_v6()}}};
}

TEST(Record, IsReadAsItWasWritten) {
  const auto read = parse_record(to_json(whole()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, whole());
  EXPECT_EQ(parse_record(to_json({})), Record{});
}

TEST(Record, CutAnywhereIsRefused) {
  const auto text = to_json(whole());
  for (std::size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(parse_record(text.substr(0, size))) << size;
  }
}

struct Case {
  std::string_view name, text, message;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class BadRecord : public testing::TestWithParam<Case> {};

TEST_P(BadRecord, SaysWhere) {
  const auto read = parse_record(GetParam().text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, GetParam().message);
}

#define STEPS(text) R"({"version":1,"boot_id":"b","steps":[)" text "]}"

INSTANTIATE_TEST_SUITE_P(
    Table, BadRecord,
    testing::Values(
        Case{"Nothing", "", "not a JSON object"},
        Case{"Later", R"({"version":2,"steps":[]})", "version: not 1"},
        Case{"NoSteps", R"({"version":1})", "steps: not an array of them"},
        Case{"Kind", STEPS(R"({"kind":"reboot"})"), "step 1: unknown kind `reboot`"},
        Case{"NoAddress", STEPS(R"({"kind":"address","interface":"lo"})"),
             "step 1: `address` is not whole"},
        Case{"AnAddressOfNone", STEPS(R"({"kind":"address","interface":"lo","address":"1"})"),
             "step 1: `1` is not an IP address"},
        Case{"APath", STEPS(R"({"kind":"route-localnet","interface":"../x"})"),
             "step 1: interface: no name of an interface"},
        Case{"AFlag", STEPS(R"({"kind":"link","interface":"-a"})"),
             "step 1: interface: no name of an interface"},
        Case{"ARule", STEPS(R"({"kind":"nft-table","bridge":"a\" accept","ways":[]})"),
             "step 1: bridge: no name of an interface"},
        Case{"ATable",
             STEPS(R"({"kind":"iptables-chain","table":"mangle","ways":[{"address":"1.1.1.1"}]})"),
             "step 1: `iptables-chain` is not whole"},
        Case{"NoWays", STEPS(R"({"kind":"nft-table"})"), "step 1: `nft-table` is not whole"},
        Case{"AWayOfNone", STEPS(R"({"kind":"nft-table","ways":[1]})"),
             "step 1: ways: not an object"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(InterfaceName, IsWhatNeedsNoQuoting) {
  for (const auto* good : {"lo", "docker0", "br-0a1b2c3d4e5f", "eth0.100", "veth@if7"}) {
    EXPECT_TRUE(is_interface_name(good)) << good;
  }
  for (const auto* bad : {"", ".", "..", "a/b", "a b", "-i", "a\"", "0123456789abcdef", "a\n"}) {
    EXPECT_FALSE(is_interface_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace imdsd::reach
