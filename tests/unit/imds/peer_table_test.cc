// SPDX-License-Identifier: MIT
#include "imds/peer_table.h"

#include <gtest/gtest.h>

namespace imdsd::imds {
namespace {

base::IpNetwork network(std::string_view text) {
  return base::IpNetwork::parse(text).value();
}
base::IpAddress address(std::string_view text) {
  return base::IpAddress::parse(text).value();
}

TEST(PeerTable, TheLongestPrefixWinsInWhateverOrderTheyCame) {
  const std::vector<std::pair<std::string, std::size_t>> networks = {
      {"10.0.0.0/8", 1}, {"10.1.0.0/16", 2}, {"10.1.2.0/24", 3}, {"10.1.2.3", 4}, {"0.0.0.0/0", 5}};
  for (const bool forward : {true, false}) {
    PeerTable table;
    for (std::size_t i = 0; i < networks.size(); ++i) {
      const auto& [text, place] = networks[forward ? i : networks.size() - 1 - i];
      EXPECT_TRUE(table.add(network(text), place)) << text;
    }
    EXPECT_EQ(table.find(address("10.1.2.3")), 4U);
    EXPECT_EQ(table.find(address("10.1.2.4")), 3U);
    EXPECT_EQ(table.find(address("10.1.3.3")), 2U);
    EXPECT_EQ(table.find(address("10.2.2.3")), 1U);
    EXPECT_EQ(table.find(address("11.0.0.1")), 5U);
    EXPECT_EQ(table.find(address("::1")), std::nullopt) << "IPv6 is another world";
  }
}

TEST(PeerTable, NetworksThatAreNotThereAreNotFound) {
  PeerTable table;
  EXPECT_EQ(table.find(address("10.0.0.1")), std::nullopt);
  EXPECT_TRUE(table.add(network("2001:db8::/33"), 7));
  EXPECT_EQ(table.find(address("2001:db8:7fff::1")), 7U);
  EXPECT_EQ(table.find(address("2001:db8:8000::1")), std::nullopt);
  EXPECT_EQ(table.find(address("32.1.13.184")), std::nullopt) << "the first four bytes alone";
}

TEST(PeerTable, ANetworkIsThereOnce) {
  PeerTable table;
  EXPECT_TRUE(table.add(network("10.0.0.0/24"), 1));
  EXPECT_FALSE(table.add(network("10.0.0.0/24"), 2));
  EXPECT_FALSE(table.add(network("::ffff:10.0.0.0/120"), 2)) << "the same, written as IPv6";
  EXPECT_EQ(table.find(address("::ffff:10.0.0.9")), 1U);
  EXPECT_TRUE(table.add(network("10.0.0.0/25"), 2)) << "same address, other length";
}

}  // namespace
}  // namespace imdsd::imds
