// SPDX-License-Identifier: MIT
#include "imds/instance_routes.h"

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::imds {
namespace {

constexpr const char* kHeader = "X-Imdsd-Instance";

base::IpNetwork network(std::string_view text) {
  return base::IpNetwork::parse(text).value();
}
base::SocketAddress socket_address(std::string_view text) {
  return base::SocketAddress::parse(text).value();
}

class InstanceRoutesTest : public testing::Test {
 protected:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  /// The name of the instance, or why there is none.
  [[nodiscard]] std::string route(std::string_view peer, const Headers& headers = {},
                                  std::string_view local = "127.0.0.1:1338") const {
    const InstanceRoutes routes(rules_, instances_, listeners_);
    fakes::HttpRequestBuilder request("GET", "/latest/meta-data/");
    request.from(peer).to(local);
    for (const auto& [name, value] : headers) request.header(name, value);
    const auto place = routes.route(request.build());
    return place ? instances_.at(*place).name : "refused: " + std::string(place.error());
  }

  RouteRules rules_;
  std::vector<RoutedInstance> instances_ = {
      {"web", "i-00000001", {network("10.0.0.0/24"), network("10.0.1.7")}},
      {"db", "i-00000002", {network("10.0.0.128/25"), network("2001:db8::/64")}},
      {"idle", "i-00000003", {}}};
  std::vector<InstanceListener> listeners_;
};

TEST_F(InstanceRoutesTest, PeersAreToldApartByTheLongestPrefix) {
  EXPECT_EQ(route("10.0.0.5:40000"), "web");
  EXPECT_EQ(route("10.0.0.200:40000"), "db");
  EXPECT_EQ(route("10.0.1.7:40000"), "web");
  EXPECT_EQ(route("[2001:db8::9]:40000"), "db");
  EXPECT_EQ(route("[::ffff:10.0.0.200]:40000"), "db") << "IPv4-mapped";
}

TEST_F(InstanceRoutesTest, UnknownPeersGetTheDefaultInstanceOrNone) {
  EXPECT_EQ(route("192.0.2.1:1"), "web") << "the first one";
  instances_[2].is_default = true;
  EXPECT_EQ(route("192.0.2.1:1"), "idle");
  rules_.unknown_peer = UnknownPeer::refuse;
  EXPECT_EQ(route("192.0.2.1:1"), "refused: unknown peer");
  EXPECT_EQ(route("10.0.0.5:1"), "web");
}

TEST_F(InstanceRoutesTest, TheListenerComesFirst) {
  listeners_ = {{socket_address("127.0.0.1:1340"), "idle"}, {socket_address("[::]:1341"), "db"}};
  EXPECT_EQ(route("10.0.0.5:1", {}, "127.0.0.1:1340"), "idle");
  EXPECT_EQ(route("10.0.0.5:1", {{kHeader, "web"}}, "127.0.0.1:1340"), "idle");
  EXPECT_EQ(route("10.0.0.5:1", {}, "127.0.0.1:1341"), "web") << "[::] takes no IPv4";
  EXPECT_EQ(route("10.0.0.5:1", {}, "[2001:db8:1::1]:1341"), "db") << "on all addresses";
  rules_.unknown_peer = UnknownPeer::refuse;
  EXPECT_EQ(route("192.0.2.1:1", {}, "127.0.0.1:1340"), "idle") << "whoever comes";
}

TEST_F(InstanceRoutesTest, AListenerWhoseInstanceIsGoneServesNobodyElse) {
  listeners_ = {{socket_address("127.0.0.1:1340"), "gone"}};
  EXPECT_EQ(route("10.0.0.5:1", {}, "127.0.0.1:1340"),
            "refused: the listener's instance is there no more");
}

TEST_F(InstanceRoutesTest, ATrustedProxyNamesTheInstance) {
  rules_.trusted_proxies = {network("127.0.0.0/8"), network("10.0.0.5")};
  EXPECT_EQ(route("127.0.0.1:1", {{kHeader, "db"}}), "db");
  EXPECT_EQ(route("127.0.0.1:1", {{"x-imdsd-INSTANCE", "i-00000002"}}), "db") << "by id, any case";
  EXPECT_EQ(route("10.0.0.5:1", {{kHeader, "db"}}), "db") << "before its own address";
  EXPECT_EQ(route("10.0.0.5:1"), "web") << "without the header, it is a peer as any other";
  rules_.instance_header = "X-Real-Instance";
  EXPECT_EQ(route("127.0.0.1:1", {{"X-Real-Instance", "db"}}), "db");
  EXPECT_EQ(route("127.0.0.1:1", {{kHeader, "db"}}), "web") << "no header of ours";
}

TEST_F(InstanceRoutesTest, WhatProxiesSayIsNeverGuessedAt) {
  rules_.trusted_proxies = {network("127.0.0.1")};
  EXPECT_EQ(route("127.0.0.1:1", {{kHeader, "nobody"}}),
            "refused: the proxy names an instance that there is not");
  EXPECT_EQ(route("127.0.0.1:1", {{kHeader, ""}}),
            "refused: the proxy names an instance that there is not");
  EXPECT_EQ(route("127.0.0.1:1", {{kHeader, "db"}, {kHeader, "db"}}),
            "refused: the instance is named twice");
  const std::string stranger = "refused: the instance is named by a peer that is no trusted proxy";
  EXPECT_EQ(route("127.0.0.2:1", {{kHeader, "db"}}), stranger);
  EXPECT_EQ(route("10.0.0.5:1", {{kHeader, "web"}}), stranger) << "though it is its own";
}

TEST_F(InstanceRoutesTest, FindsByNameAndId) {
  const InstanceRoutes routes(rules_, instances_, listeners_);
  EXPECT_EQ(routes.find("db"), 1U);
  EXPECT_EQ(routes.find("i-00000003"), 2U);
  EXPECT_EQ(routes.find("d"), std::nullopt);
  EXPECT_EQ(routes.find(""), std::nullopt);
  EXPECT_EQ(routes.default_instance(), 0U);
}

}  // namespace
}  // namespace imdsd::imds
