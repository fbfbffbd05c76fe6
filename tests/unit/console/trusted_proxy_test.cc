// SPDX-License-Identifier: MIT
#include "console/trusted_proxy.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::console {
namespace {

using fakes::HttpRequestBuilder;

const std::vector<base::IpNetwork> kProxies{base::IpNetwork::parse("127.0.0.1").value(),
                                            base::IpNetwork::parse("10.0.0.0/8").value(),
                                            base::IpNetwork::parse("fd00::/8").value()};

base::HttpRequest request(const std::string& peer, const std::vector<std::string>& forwarded_for) {
  HttpRequestBuilder builder("GET", "/api/session");
  builder.from(peer);
  for (const std::string& line : forwarded_for) builder.header("X-Forwarded-For", line);
  return builder.build();
}

struct Case {
  std::string name, peer;
  std::vector<std::string> forwarded_for;
  std::string client;
};
class AsSent : public testing::TestWithParam<Case> {};

TEST_P(AsSent, IsFromTheLastHopThatNobodyTrusts) {
  const auto sent = as_sent(request(GetParam().peer, GetParam().forwarded_for), kProxies);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->peer.address->ip.to_string(), GetParam().client);
}

INSTANTIATE_TEST_SUITE_P(
    Each, AsSent,
    testing::Values(
        Case{"one", "127.0.0.1:5", {"192.0.2.1"}, "192.0.2.1"},
        Case{"none", "127.0.0.1:5", {}, "127.0.0.1"},
        Case{"what_the_client_claims", "127.0.0.1:5", {"8.8.8.8, 192.0.2.1"}, "192.0.2.1"},
        Case{"two_proxies", "127.0.0.1:5", {"8.8.8.8, 192.0.2.1, 10.1.2.3"}, "192.0.2.1"},
        Case{"two_lines", "127.0.0.1:5", {"8.8.8.8", "192.0.2.1, 10.1.2.3"}, "192.0.2.1"},
        Case{"proxies_alone", "127.0.0.1:5", {"10.0.0.1, 10.0.0.2"}, "10.0.0.1"},
        Case{"no_address", "127.0.0.1:5", {"192.0.2.1, unknown"}, "127.0.0.1"},
        Case{"empty", "127.0.0.1:5", {""}, "127.0.0.1"},
        Case{"no_address_before", "127.0.0.1:5", {"x, 192.0.2.1"}, "192.0.2.1"},
        Case{"with_port", "127.0.0.1:5", {"192.0.2.1:4711"}, "192.0.2.1"},
        Case{"ipv6", "[fd00::1]:5", {"2001:db8::1"}, "2001:db8::1"},
        Case{"ipv6_in_brackets", "[fd00::1]:5", {"[2001:db8::1]"}, "2001:db8::1"},
        Case{"ipv6_with_port", "[fd00::1]:5", {"[2001:db8::1]:4711"}, "2001:db8::1"},
        Case{"mapped", "[::ffff:10.0.0.1]:5", {"::ffff:192.0.2.1"}, "192.0.2.1"}),
    [](const auto& each) { return each.param.name; });

TEST(AsSentBy, NobodyElseIsBelieved) {
  auto asked = request("192.0.2.9:5", {"198.51.100.1"});
  asked.headers.add("X-Forwarded-Proto", "https");
  EXPECT_FALSE(as_sent(asked, kProxies));
  EXPECT_FALSE(as_sent(request("127.0.0.1:5", {"192.0.2.1"}), {}));
  EXPECT_FALSE(as_sent(base::HttpRequest(), kProxies)) << "a Unix socket";
}

TEST(AsSentBy, TheSchemeIsTheProxysWord) {
  const auto secure = [](const std::vector<std::string>& lines) {
    auto asked = request("127.0.0.1:5", {"192.0.2.1"});
    for (const auto& line : lines) asked.headers.add("X-Forwarded-Proto", line);
    return as_sent(asked, kProxies)->secure;
  };
  EXPECT_FALSE(secure({}));
  EXPECT_TRUE(secure({"https"}));
  EXPECT_TRUE(secure({"HTTPS"}));
  EXPECT_FALSE(secure({"http"}));
  EXPECT_FALSE(secure({"https, http"})) << "the client's, and what the proxy says";
  EXPECT_TRUE(secure({"http", "https"}));
}

TEST(AsSentBy, WhateverIsCutOffOrChangedItIsFromSomewhere) {
  const std::string whole = "8.8.8.8, [2001:db8::1]:80 ,192.0.2.1:4711,\t10.0.0.1";
  for (std::size_t i = 0; i <= whole.size(); ++i) {
    EXPECT_TRUE(as_sent(request("127.0.0.1:5", {whole.substr(0, i)}), kProxies)->peer.address);
    for (int bit = 0; bit < 7 && i < whole.size(); ++bit) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_TRUE(as_sent(request("127.0.0.1:5", {changed}), kProxies)->peer.address);
    }
  }
}

}  // namespace
}  // namespace imdsd::console
