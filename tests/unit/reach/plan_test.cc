// SPDX-License-Identifier: MIT
#include "reach/plan.h"

#include <gtest/gtest.h>

#include "tests/fakes/fake_machine.h"

namespace imdsd::reach {
namespace {

base::SocketAddress at(std::string_view text) {
  return *base::SocketAddress::parse(text);
}

std::vector<base::SocketAddress> all(std::initializer_list<std::string_view> list) {
  std::vector<base::SocketAddress> out;
  for (const auto text : list) out.push_back(at(text));
  return out;
}

std::string to_of(const std::vector<base::SocketAddress>& listeners, const Wish& wish = {}) {
  const auto ways = choose_ways(wish, {listeners, {}, {}});
  if (!ways) return ways.error().message;
  return ways->back().to ? ways->back().to->to_string() : "direct";
}

TEST(ChooseWays, TakesTheListenerThatIsNearest) {
  EXPECT_EQ(to_of(all({"10.0.0.1:80", "127.0.0.1:1338"})), "127.0.0.1:1338");
  EXPECT_EQ(to_of(all({"10.0.0.1:1338", "0.0.0.0:1339"})), "127.0.0.1:1339");
  EXPECT_EQ(to_of(all({"10.0.0.1:1338"})), "10.0.0.1:1338");
  EXPECT_EQ(to_of(all({"127.0.0.1:1338", "[::1]:1339"}), {.ipv6 = true}), "[::1]:1339");
}

TEST(ChooseWays, IsDirectWhereTheDaemonListensThere) {
  EXPECT_EQ(to_of(all({"127.0.0.1:1338", "169.254.169.254:80"})), "direct");
  EXPECT_EQ(to_of(all({"0.0.0.0:80"})), "direct");
  EXPECT_EQ(to_of(all({"[::]:80"}), {.port80 = Wish::Port80::direct}), "direct");
  EXPECT_EQ(to_of({}, {.port80 = Wish::Port80::direct}), "direct");
  EXPECT_EQ(to_of(all({"0.0.0.0:80"}), {.port80 = Wish::Port80::redirect}), "127.0.0.1:80");
}

TEST(ChooseWays, SaysWhichListenerIsMissing) {
  EXPECT_EQ(to_of(all({"127.0.0.1:1338"}), {.ipv6 = true}),
            "imdsd listens on no IPv6 address that fd00:ec2::254 could lead to: add one to "
            "imds.listen, as `[::1]:1338`, and start it again");
  EXPECT_EQ(to_of(all({"127.0.0.1:1338"}), {.ecs = true}),
            "imdsd listens on no IPv4 address that 169.254.170.2 could lead to: add one to "
            "ecs.listen, as `127.0.0.1:1341`, and start it again");
}

TEST(ChooseWays, HasADoorForEachAddress) {
  const Doors doors{all({"127.0.0.1:1338", "[::1]:1338"}), all({"127.0.0.1:1341"}),
                    all({"127.0.0.1:1342", "[::1]:1342"})};
  const auto ways = choose_ways({.ipv6 = true, .ecs = true, .eks = true}, doors);
  ASSERT_TRUE(ways);
  std::string text;
  for (const auto& way : *ways) text += way.address.to_string() + ">" + way.to->to_string() + " ";
  EXPECT_EQ(text,
            "169.254.169.254>127.0.0.1:1338 fd00:ec2::254>[::1]:1338 169.254.170.2>127.0.0.1:1341 "
            "169.254.170.23>127.0.0.1:1342 fd00:ec2::23>[::1]:1342 ");
}

TEST(Plan, LeavesAnAddressToItsOwner) {
  auto machine = laptop();
  machine.interfaces[0].addresses.push_back({imds_v4(), 24});
  const std::vector<Way> ways = {{imds_v4(), at("127.0.0.1:1338")}};
  EXPECT_EQ(plan(machine, {}, ways, {}).size(), 1U);
  const Step mine{.kind = Step::Kind::address, .interface = "lo", .address = imds_v4()};
  EXPECT_EQ(plan(machine, {}, ways, {mine}).size(), 2U);
}

TEST(Plan, LeavesASettingThatIsThere) {
  auto machine = laptop();
  machine.interfaces.push_back({.name = "docker0", .up = true, .bridge = true});
  const std::vector<Way> ways = {{imds_v4(), at("127.0.0.1:1338")}};
  const Wish wish{.bridge = "docker0"};
  EXPECT_EQ(plan(machine, wish, ways, {}).size(), 3U);
  machine.localnet_interfaces = {"docker0"};
  EXPECT_EQ(plan(machine, wish, ways, {}).size(), 2U);
  EXPECT_EQ(plan(laptop(), wish, {{imds_v4(), at("10.0.0.1:1338")}}, {}).size(), 2U)
      << "no loopback, no need for it";
}

struct RefusalCase {
  std::string_view name;
  void (*change)(Machine&);
  std::string words;  // empty: none
  bool final = true;
  Wish wish = {};
};
void PrintTo(const RefusalCase& c, std::ostream* out) {
  *out << c.name;
}

class Refusals : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, SayWhatStandsAgainstIt) {
  auto machine = laptop();
  GetParam().change(machine);
  const Doors doors{all({"127.0.0.1:1338", "[::1]:1338"}), {}, {}};
  const auto found =
      refusals(machine, GetParam().wish, doors, *choose_ways(GetParam().wish, doors), {});
  if (GetParam().words.empty()) {
    EXPECT_TRUE(found.empty()) << found[0].reason;
    return;
  }
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].reason.find(GetParam().words), std::string::npos) << found[0].reason;
  EXPECT_EQ(found[0].final, GetParam().final);
}

void set_route(Machine& machine, unsigned bits, Route::Kind kind = Route::Kind::unicast) {
  machine.routes[0].prefix_length = bits;
  machine.routes[0].kind = kind;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Refusals,
    testing::Values(
        RefusalCase{"ALaptop", [](Machine&) {}, ""},
        RefusalCase{"Ec2", [](Machine& m) { m.dmi.sys_vendor = "Amazon EC2"; },
                    "this machine is an EC2 instance (sys_vendor is `Amazon EC2`)"},
        RefusalCase{"AnotherCloud", [](Machine& m) { m.dmi.sys_vendor = "DigitalOcean"; },
                    "of a cloud (DigitalOcean: sys_vendor is `DigitalOcean`)", false},
        RefusalCase{"OnLo",
                    [](Machine& m) {
                      m.interfaces[0].addresses.push_back({imds_v4(), 32});
                    },
                    "`lo` has 169.254.169.254/32 already", false},
        RefusalCase{"OnAnotherLink",
                    [](Machine& m) {
                      m.interfaces[1].addresses.push_back({imds_v4(), 16});
                    },
                    "ip address delete 169.254.169.254/16 dev eth0", false},
        RefusalCase{"Zeroconf", [](Machine& m) { set_route(m, 16); }, ""},
        RefusalCase{"HostRoute", [](Machine& m) { set_route(m, 32); },
                    "leads to 169.254.169.254 by `eth0` via 192.168.1.1", false},
        RefusalCase{"ANetwork", [](Machine& m) { set_route(m, 24); }, "a metadata service is there",
                    false},
        RefusalCase{"Closed", [](Machine& m) { set_route(m, 0, Route::Kind::closed); }, ""},
        RefusalCase{"Listener",
                    [](Machine& m) {
                      m.listeners = {{at("169.254.169.254:80"), "moto_server (process 7)"}};
                    },
                    "`moto_server (process 7)` listens on 169.254.169.254:80: stop it first"},
        RefusalCase{"WebServer",
                    [](Machine& m) {
                      m.listeners = {{at("0.0.0.0:80"), "nginx"}};
                    },
                    ""},
        RefusalCase{
            "AnotherRedirect",
            [](Machine& m) {
              m.filter.nft =
                  "table ip nat {\n\tchain OUTPUT {\n"
                  "\t\tip daddr 169.254.169.254 tcp dport 80 dnat to 10.0.0.1:8181\n\t}\n}\n";
            },
            "another redirect of 169.254.169.254 is in force: `ip daddr 169.254.169.254 ", false},
        RefusalCase{"NoIp", [](Machine& m) { m.has_ip = false; }, "apt-get install iproute2"},
        RefusalCase{"NoFilter", [](Machine& m) { m.has_nft = false; }, "apt-get install nftables"},
        RefusalCase{"NoFilterNeeded",
                    [](Machine& m) { m.has_nft = false; },
                    "",
                    true,
                    {.port80 = Wish::Port80::direct}},
        RefusalCase{"Down", [](Machine& m) { m.interfaces[0].up = false; }, "ip link set lo up"},
        RefusalCase{"NoIpv6",
                    [](Machine& m) { m.ipv6 = false; },
                    "IPv6 is switched off",
                    true,
                    {.ipv6 = true}},
        RefusalCase{"NoBridge",
                    [](Machine& m) { m.interfaces.push_back({.name = "b1", .bridge = true}); },
                    "there is no interface `b0`; there are: b1",
                    true,
                    {.bridge = "b0"}},
        RefusalCase{"NotABridge", [](Machine&) {}, "`eth0` is no bridge", true, {.bridge = "eth0"}},
        RefusalCase{"ABridgeToOthers",
                    [](Machine& m) {
                      m.interfaces.push_back(
                          {.name = "b0", .bridge = true, .device_ports = {"eth1"}});
                    },
                    "`b0` has the port `eth1`",
                    true,
                    {.bridge = "b0"}}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Refusals, OwnWorkIsNone) {
  FakeMachine fake;
  const Doors doors{all({"127.0.0.1:1338"}), {}, {}};
  const auto ways = *choose_ways({}, doors);
  ASSERT_TRUE(bring_up(fake, plan(fake.machine, {}, ways, {}), [](const Action&) {}));
  EXPECT_TRUE(refusals(fake.machine, {}, doors, ways, fake.record.steps).empty());
  EXPECT_EQ(refusals(fake.machine, {}, doors, ways, {}).size(), 1U);
}

}  // namespace
}  // namespace imdsd::reach
