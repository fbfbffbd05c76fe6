// SPDX-License-Identifier: MIT
#include "base/host_guard.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

struct Case {
  std::string_view name;
  std::string_view host;
  bool allowed;
  bool allowed_with_subdomains;
};

class HostGuard : public testing::TestWithParam<Case> {};

TEST_P(HostGuard, DecidesByTheNameAlone) {
  const std::array<std::string, 2> allowed{"imds.example.test", "Proxy"};
  const auto& c = GetParam();
  EXPECT_EQ(host_is_allowed(c.host, allowed, false), c.allowed) << c.host;
  EXPECT_EQ(host_is_allowed(c.host, allowed, true), c.allowed_with_subdomains) << c.host;
}

INSTANTIATE_TEST_SUITE_P(
    Hosts, HostGuard,
    testing::Values(Case{"ipv4", "127.0.0.1", true, true},
                    Case{"ipv4_port", "169.254.169.254:80", true, true},
                    Case{"ipv6_bare", "::1", true, true},
                    Case{"ipv6_bare_long", "fd00:ec2::254", true, true},
                    Case{"ipv6_brackets", "[fd00:ec2::254]", true, true},
                    Case{"ipv6_brackets_port", "[::1]:1338", true, true},
                    Case{"ipv6_mapped", "[::ffff:127.0.0.1]:80", true, true},
                    Case{"ipv6_zone", "[fe80::1%25eth0]:80", true, true},
                    Case{"localhost", "localhost", true, true},
                    Case{"localhost_port", "localhost:1338", true, true},
                    Case{"localhost_case", "LocalHost:1338", true, true},
                    Case{"localhost_root_dot", "localhost.:1338", true, true},
                    Case{"below_localhost", "sts.us-east-1.localhost:1339", false, true},
                    Case{"below_localhost_case", "S3.LOCALHOST", false, true},
                    Case{"nothing_below_localhost", ".localhost", false, false},
                    Case{"listed", "imds.example.test", true, true},
                    Case{"listed_port", "imds.example.test:1338", true, true},
                    Case{"listed_case", "IMDS.Example.Test", true, true},
                    Case{"listed_root_dot", "imds.example.test.", true, true},
                    Case{"listed_in_capitals", "proxy", true, true},
                    Case{"below_listed", "x.imds.example.test", false, false},
                    Case{"above_listed", "example.test", false, false},
                    Case{"rebound", "attacker.example", false, false},
                    Case{"localhost_as_label", "localhost.attacker.example", false, false},
                    Case{"localhost_as_suffix", "notlocalhost", false, false},
                    Case{"address_as_label", "127.0.0.1.nip.io", false, false},
                    Case{"address_with_garbage", "127.0.0.1x", false, false},
                    Case{"zone_on_a_name", "attacker.example%127.0.0.1", false, false},
                    Case{"empty", "", false, false}, Case{"port_only", ":80", false, false},
                    Case{"dot", ".", false, false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(HostGuard, AnEmptyListedNameAllowsNothing) {
  const std::array<std::string, 2> allowed{"", "."};
  EXPECT_FALSE(host_is_allowed("", allowed, true));
  EXPECT_FALSE(host_is_allowed(".", allowed, true));
  EXPECT_FALSE(host_is_allowed("attacker.example", allowed, true));
}

}  // namespace
}  // namespace imdsd::base
