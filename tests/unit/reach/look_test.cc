// SPDX-License-Identifier: MIT
// What the kernel tells, read: addresses, sockets, routes, firmware.
#include "reach/look.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "reach/look_network.h"
#include "reach/route_answer.h"
#include "reach/socket_table.h"
#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

constexpr std::string_view kTable =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n"
    "   0: FEA9FEA9:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
    "1165 1 00000000d5c56857 100 0 0 10 0\n"
    "   1: 0100007F:BC2C 0100007F:D821 06 00000000:00000000 03:00001215 00000000     0        0 0 "
    "3 00000000de0b29fc\n";

TEST(SocketTable, HasWhatListens) {
  const auto sockets = parse_socket_table(kTable);
  ASSERT_EQ(sockets.size(), 1U);
  EXPECT_EQ(sockets[0].address.to_string(), "169.254.169.254:80");
  EXPECT_EQ(sockets[0].inode, 1165U);
  const auto six = parse_socket_table(
      "   0: C20E00FD000000000000000054020000:0539 00000000000000000000000000000000:0000 0A "
      "00000000:00000000 00:00000000 00000000 0 0 7 1\n");
  ASSERT_EQ(six.size(), 1U);
  EXPECT_EQ(six[0].address.to_string(), "[fd00:ec2::254]:1337");
}

TEST(SocketTable, CutAnywhereIsRead) {
  for (std::size_t size = 0; size < kTable.size(); ++size) {
    EXPECT_LE(parse_socket_table(kTable.substr(0, size)).size(), 1U);
  }
}

/// The kernel's answer about a route by interface 3 to a network of `bits`.
std::string route_answer(unsigned char type, unsigned char bits, bool gateway) {
  const auto append = [](std::string& out, const auto& value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  std::string body;
  rtmsg message{};
  message.rtm_type = type;
  message.rtm_dst_len = bits;
  append(body, message);
  const auto attribute = [&](unsigned short kind, const std::string& value) {
    rtattr head{};
    head.rta_type = kind;
    head.rta_len = static_cast<unsigned short>(RTA_LENGTH(value.size()));
    append(body, head);
    body += value;
  };
  attribute(RTA_OIF, std::string("\x03\0\0\0", 4));
  if (gateway) attribute(RTA_GATEWAY, std::string("\x0a\0\0\x01", 4));
  nlmsghdr head{};
  head.nlmsg_type = RTM_NEWROUTE;
  head.nlmsg_len = static_cast<unsigned>(sizeof(head) + body.size());
  std::string out;
  append(out, head);
  return out + body;
}

const auto kNames = [](unsigned index) { return "link" + std::to_string(index); };

TEST(RouteAnswer, SaysWhichEntry) {
  auto route = parse_route_answer(route_answer(RTN_UNICAST, 16, true), imds_v4(), kNames);
  EXPECT_EQ(route.kind, Route::Kind::unicast);
  EXPECT_EQ(route.prefix_length, 16U);
  EXPECT_EQ(route.interface, "link3");
  EXPECT_EQ(route.gateway, base::IpAddress::from_v4({10, 0, 0, 1}));
  EXPECT_EQ(route.to, imds_v4());
  route = parse_route_answer(route_answer(RTN_LOCAL, 32, false), imds_v4(), kNames);
  EXPECT_EQ(route.kind, Route::Kind::local);
  EXPECT_EQ(route.gateway, std::nullopt);
  EXPECT_EQ(parse_route_answer(route_answer(RTN_BLACKHOLE, 32, false), imds_v4(), kNames).kind,
            Route::Kind::closed);
}

TEST(RouteAnswer, CutAnywhereIsNone) {
  const auto whole = route_answer(RTN_UNICAST, 16, true);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(parse_route_answer(whole.substr(0, size), imds_v4(), kNames).kind, Route::Kind::none);
  }
}

/// The kernel itself: every machine has a way to itself.
TEST(Look, KnowsTheLoopback) {
  const auto routes = look_at_routes({base::IpAddress::from_v4({127, 0, 0, 1})});
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_EQ(routes[0].kind, Route::Kind::local);
  EXPECT_EQ(routes[0].interface, "lo");
  const auto interfaces = look_at_interfaces();
  EXPECT_TRUE(std::any_of(interfaces.begin(), interfaces.end(), [](const auto& each) {
    return each.name == "lo" && each.loopback && each.up &&
           std::count(each.addresses.begin(), each.addresses.end(),
                      InterfaceAddress{base::IpAddress::from_v4({127, 0, 0, 1}), 8}) == 1;
  }));
}

TEST(Look, ReadsTheFirmware) {
  namespace fs = std::filesystem;
  const fs::path root = fs::path(testing::TempDir()) / "imdsd-look-test";
  fs::create_directories(root / "sys/class/dmi/id");
  fs::create_directories(root / "sys/hypervisor");
  std::ofstream(root / "sys/class/dmi/id/sys_vendor") << "Amazon EC2\n";
  std::ofstream(root / "sys/hypervisor/uuid") << "ec2e1916\n";
  EXPECT_EQ(read_dmi(root.string()),
            (Dmi{.sys_vendor = "Amazon EC2", .hypervisor_uuid = "ec2e1916"}));
  fs::remove_all(root);
  EXPECT_EQ(read_dmi(root.string()), Dmi{});
}

}  // namespace
}  // namespace imdsd::reach
