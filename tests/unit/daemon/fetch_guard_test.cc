// SPDX-License-Identifier: MIT
#include "daemon/fetch_guard.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

std::string check(std::string_view address, const FetchRules& rules = {},
                  std::string_view url = "https://issuer.example") {
  const auto checked = check_fetch_address(base::IpAddress::parse(address).value(),
                                           base::Url::parse(url).value(), rules);
  if (checked) return "fetched";
  const std::string& message = checked.error().message;
  if (message.find("nothing is ever fetched") != std::string::npos) return "never";
  if (message.find("which is not loopback") != std::string::npos) return "not loopback";
  return "not listed";
}

TEST(FetchGuard, PublicAddressesAreFetched) {
  for (const char* address :
       {"1.1.1.1", "52.94.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a05:d018::1",
        "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"}) {
    EXPECT_EQ(check(address), "fetched") << address;
  }
}

TEST(FetchGuard, SomeAddressesNeverAre) {
  FetchRules all;
  for (const char* range : {"0.0.0.0/0", "::/0"}) {
    all.private_ranges.push_back(iam::Cidr::parse(range).value());
  }
  all.loopback = true;
  for (const char* address :
       {"169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.0.1", "fe80::1",
        "fd00:ec2::254", "fd00:ec2::23", "fd00:ec2:ffff::1", "0.0.0.0", "0.1.2.3",
        "::", "224.0.0.1", "240.0.0.1", "255.255.255.255", "ff02::1", "::ffff:169.254.169.254",
        // The same inside of addresses that lead there.
        "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::169.254.169.254", "2001::1",
        "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::", "::ffff:0:169.254.169.254"}) {
    EXPECT_EQ(check(address), "never") << address;
    EXPECT_EQ(check(address, all), "never") << address;
  }
}

TEST(FetchGuard, PrivateAddressesMustBeListed) {
  FetchRules some;
  some.private_ranges.push_back(iam::Cidr::parse("10.1.0.0/16").value());
  some.private_ranges.push_back(iam::Cidr::parse("fd12:3456::/32").value());
  for (const char* address :
       {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1",
        "127.0.0.1", "::1", "fc00::1", "fd12:3457::1", "64:ff9b::a00:1",
        "2002:7f00:1::", "192.0.2.1", "3fff::1", "3fff:fff:ffff::1"}) {
    EXPECT_EQ(check(address), "not listed") << address;
    EXPECT_EQ(check(address, some), "not listed") << address;
  }
  EXPECT_EQ(check("10.1.2.3", some), "fetched");
  EXPECT_EQ(check("::ffff:10.1.2.3", some), "fetched");
  EXPECT_EQ(check("fd12:3456::1", some), "fetched");
}

/// A name outside that has come to mean loopback (DNS rebinding) is not loopback's own.
TEST(FetchGuard, LoopbackGoesByItsOwnName) {
  const FetchRules loopback{.private_ranges = {}, .loopback = true};
  EXPECT_EQ(check("127.0.0.1", loopback, "http://localhost:8080"), "fetched");
  EXPECT_EQ(check("::1", loopback, "https://[::1]"), "fetched");
  EXPECT_EQ(check("127.0.0.1", loopback, "https://issuer.example"), "not listed");
  EXPECT_EQ(check("127.0.0.1", {}, "http://localhost:8080"), "not listed")
      << "an issuer elsewhere leads to loopback";
}

/// What localhost resolves to is in somebody's hands as well.
TEST(FetchGuard, PlainHttpGoesToLoopbackOnly) {
  FetchRules rules{.private_ranges = {iam::Cidr::parse("10.0.0.0/8").value()}, .loopback = true};
  EXPECT_EQ(check("127.0.0.1", rules, "http://idp.localhost"), "fetched");
  EXPECT_EQ(check("1.1.1.1", rules, "http://idp.localhost"), "not loopback");
  EXPECT_EQ(check("10.0.0.1", rules, "http://idp.localhost"), "not loopback");
  EXPECT_EQ(check("10.0.0.1", rules, "https://idp.localhost"), "fetched");
  EXPECT_EQ(check("169.254.169.254", rules, "http://idp.localhost"), "never");
}

TEST(FetchGuard, PlainHttpIsForLoopback) {
  for (const char* url : {"https://issuer.example", "http://localhost", "http://127.0.0.1:8080"}) {
    EXPECT_TRUE(check_fetch_scheme(base::Url::parse(url).value())) << url;
  }
  for (const char* url : {"http://issuer.example", "http://10.0.0.1", "http://localhost.example"}) {
    EXPECT_FALSE(check_fetch_scheme(base::Url::parse(url).value())) << url;
  }
}

}  // namespace
}  // namespace imdsd::daemon
