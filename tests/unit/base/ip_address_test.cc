// SPDX-License-Identifier: MIT
#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

using namespace std::string_view_literals;

struct Good {
  std::string_view name, text, canonical;
  bool v6, loopback, link_local, unspecified;
};
class IpAddressGood : public testing::TestWithParam<Good> {};

TEST_P(IpAddressGood, ParsesAndClassifies) {
  const auto ip = IpAddress::parse(GetParam().text);
  ASSERT_TRUE(ip.has_value()) << ip.error().message;
  EXPECT_EQ(ip->to_string(), GetParam().canonical);
  EXPECT_EQ(ip->is_v6(), GetParam().v6);
  EXPECT_EQ(ip->is_loopback(), GetParam().loopback);
  EXPECT_EQ(ip->is_link_local(), GetParam().link_local);
  EXPECT_EQ(ip->is_unspecified(), GetParam().unspecified);
  EXPECT_EQ(IpAddress::parse(ip->to_string()).value(), *ip);
}

INSTANTIATE_TEST_SUITE_P(
    All, IpAddressGood,
    testing::Values(
        Good{"v4", "10.1.2.3", "10.1.2.3", false, false, false, false},
        Good{"v4_loopback", "127.255.0.9", "127.255.0.9", false, true, false, false},
        Good{"v4_link_local", "169.254.169.254", "169.254.169.254", false, false, true, false},
        Good{"v4_near_link_local", "169.253.0.1", "169.253.0.1", false, false, false, false},
        Good{"v4_any", "0.0.0.0", "0.0.0.0", false, false, false, true},
        Good{"v6", "2001:DB8:0::1", "2001:db8::1", true, false, false, false},
        Good{"v6_loopback", "0:0::1", "::1", true, true, false, false},
        Good{"v6_any", "::", "::", true, false, false, true},
        Good{"v6_link_local", "fe80::1", "fe80::1", true, false, true, false},
        Good{"v6_link_local_end", "febf::1", "febf::1", true, false, true, false},
        Good{"v6_past_link_local", "fec0::1", "fec0::1", true, false, false, false},
        Good{"ec2", "fd00:ec2::254", "fd00:ec2::254", true, false, true, false},
        Good{"ula", "fd00:ec3::254", "fd00:ec3::254", true, false, false, false},
        Good{"mapped", "::ffff:127.0.0.1", "127.0.0.1", false, true, false, false},
        Good{"mapped_hex", "::FFFF:a9fe:1", "169.254.0.1", false, false, true, false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(IpAddress, MappedEqualsPlain) {
  EXPECT_EQ(IpAddress::parse("::ffff:1.2.3.4").value(), IpAddress::from_v4({1, 2, 3, 4}));
  EXPECT_FALSE(IpAddress::parse("::").value() == IpAddress::parse("0.0.0.0").value());
}

struct Bad {
  std::string_view name, text;
};
class IpAddressBad : public testing::TestWithParam<Bad> {};
TEST_P(IpAddressBad, IsRefused) {
  const auto ip = IpAddress::parse(GetParam().text);
  ASSERT_FALSE(ip.has_value()) << ip->to_string();
  EXPECT_EQ(ip.error().code, Errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    All, IpAddressBad,
    testing::Values(Bad{"empty", ""}, Bad{"three_parts", "1.2.3"}, Bad{"five_parts", "1.2.3.4.5"},
                    Bad{"big", "256.0.0.1"}, Bad{"hex", "0x7f.0.0.1"}, Bad{"number", "2130706433"},
                    Bad{"octal", "0177.0.0.1"}, Bad{"space", " 1.2.3.4"}, Bad{"port", "1.2.3.4:80"},
                    Bad{"brackets", "[::1]"}, Bad{"zone", "fe80::1%lo"}, Bad{"two_gaps", "1::2::3"},
                    Bad{"nul", "1.2.3.4\0"sv}, Bad{"nul_inside", "::1\0evil"sv},
                    Bad{"name", "localhost"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(SocketAddress, RoundTrips) {
  for (const std::string_view text : {"127.0.0.1:1338", "[::1]:1338", "0.0.0.0:0", "[::]:65535"}) {
    const auto address = SocketAddress::parse(text);
    ASSERT_TRUE(address.has_value()) << address.error().message;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(SocketAddress, MappedAddressIsIpv4) {
  EXPECT_EQ(SocketAddress::parse("[::ffff:1.2.3.4]:80").value().to_string(), "1.2.3.4:80");
}

class SocketAddressBad : public testing::TestWithParam<Bad> {};
TEST_P(SocketAddressBad, IsRefused) {
  const auto address = SocketAddress::parse(GetParam().text);
  ASSERT_FALSE(address.has_value()) << address->to_string();
  EXPECT_EQ(address.error().code, Errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(
    All, SocketAddressBad,
    testing::Values(Bad{"empty", ""}, Bad{"no_port", "127.0.0.1"}, Bad{"empty_port", "127.0.0.1:"},
                    Bad{"no_host", ":80"}, Bad{"empty_brackets", "[]:80"}, Bad{"bare_v6", "::1:80"},
                    Bad{"v6_no_port", "[::1]"}, Bad{"v4_brackets", "[127.0.0.1]:80"},
                    Bad{"open_bracket", "[::1:80"}, Bad{"big_port", "127.0.0.1:65536"},
                    Bad{"huge_port", "127.0.0.1:99999999999999999999"},
                    Bad{"signed_port", "127.0.0.1:+80"}, Bad{"minus_port", "127.0.0.1:-1"},
                    Bad{"leading_zero", "127.0.0.1:080"}, Bad{"space", "127.0.0.1: 80"},
                    Bad{"trailing", "127.0.0.1:80 "}, Bad{"name", "localhost:80"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace imdsd::base
