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

}  // namespace
}  // namespace imdsd::base
