// SPDX-License-Identifier: MIT
#include "base/ip_network.h"

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

std::string network(std::string_view address, unsigned bits) {
  return network_of(IpAddress::parse(address).value(), bits).to_string();
}

TEST(IpNetwork, HasOnlyTheFirstBits) {
  EXPECT_EQ(network("172.31.18.7", 20), "172.31.16.0");
  EXPECT_EQ(network("172.31.18.7", 16), "172.31.0.0");
  EXPECT_EQ(network("172.31.18.7", 0), "0.0.0.0");
  EXPECT_EQ(network("2001:db8:ffff:ffff::5", 56), "2001:db8:ffff:ff00::");
  EXPECT_EQ(network("2001:db8::5", 0), "::");
}

TEST(IpNetwork, IsTheAddressOfAsManyBitsAsItHas) {
  EXPECT_EQ(network("172.31.18.7", 32), "172.31.18.7");
  EXPECT_EQ(network("172.31.18.7", 99), "172.31.18.7");
  EXPECT_EQ(network("2001:db8::5", 128), "2001:db8::5");
}

std::string parsed(std::string_view text) {
  const auto network = IpNetwork::parse(text);
  return network ? network->to_string() : network.error().message;
}

TEST(IpNetwork, ReadsNetworksAndAddresses) {
  EXPECT_EQ(parsed("10.0.0.0/24"), "10.0.0.0/24");
  EXPECT_EQ(parsed("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(parsed("10.1.2.3/32"), "10.1.2.3");
  EXPECT_EQ(parsed("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(parsed("2001:db8::/32"), "2001:db8::/32");
  EXPECT_EQ(parsed("::/0"), "::/0");
  EXPECT_EQ(parsed("::ffff:10.0.0.0/120"), "10.0.0.0/24");
  EXPECT_EQ(parsed("::ffff:10.0.0.1"), "10.0.0.1");
}

TEST(IpNetwork, RefusesWhatIsNone) {
  EXPECT_EQ(parsed("10.0.0.5/24"), "`10.0.0.5/24` is an address in `10.0.0.0/24`, not a network");
  EXPECT_EQ(parsed("10.0.0.0/33"), "`33` is no prefix length of 0..32");
  EXPECT_EQ(parsed("2001:db8::/129"), "`129` is no prefix length of 0..128");
  EXPECT_EQ(parsed("::ffff:0.0.0.0/90"),
            "`::ffff:0.0.0.0/90` reaches beyond the IPv4-mapped addresses");
  for (const auto* text :
       {"", "/", "/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/ 8", "10.0.0.0/08", "10.0.0.0/8x",
        "10.0.0.0/8/8", "10.0.0/8", "example.com", "[::]/0", "10.0.0.0/99999999999"}) {
    EXPECT_FALSE(IpNetwork::parse(text)) << text;
  }
}

/// A text cut short is refused, or is another network that reads back.
TEST(IpNetwork, WhatItReadsReadsBackAtEveryTruncation) {
  for (const std::string_view text :
       {"192.168.128.0/17", "2001:db8:ffff::/48", "::ffff:10.0.0.0/120"}) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const auto network = IpNetwork::parse(text.substr(0, size));
      if (!network) continue;
      EXPECT_EQ(IpNetwork::parse(network->to_string()).value(), network.value()) << size;
    }
    EXPECT_TRUE(IpNetwork::parse(text)) << text;
  }
}

TEST(IpNetwork, ContainsItsAddresses) {
  const auto network = IpNetwork::parse("10.0.0.0/24").value();
  EXPECT_TRUE(network.contains(IpAddress::parse("10.0.0.255").value()));
  EXPECT_FALSE(network.contains(IpAddress::parse("10.0.1.0").value()));
  EXPECT_FALSE(network.contains(IpAddress::parse("a00::").value())) << "the same bytes as IPv6";
}

}  // namespace
}  // namespace imdsd::base
