// SPDX-License-Identifier: MIT
#include "base/url.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::base {
namespace {

TEST(Url, HasItsParts) {
  const Url url = Url::parse("https://issuer.example.org/a/b?c=d").value();
  EXPECT_TRUE(url.secure);
  EXPECT_EQ(url.host, "issuer.example.org");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(url.authority(), "issuer.example.org");
  EXPECT_FALSE(url.literal());
}

TEST(Url, OfAnIpv6Address) {
  const Url url = Url::parse("http://[::1]:8080").value();
  EXPECT_FALSE(url.secure);
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.target, "/");
  EXPECT_EQ(url.authority(), "[::1]:8080");
  EXPECT_TRUE(url.is_loopback());
}

TEST(Url, QueriesNeedNoPath) {
  EXPECT_EQ(Url::parse("http://a?b").value().target, "/?b");
}

TEST(Url, KnowsLoopback) {
  for (const char* url : {"http://localhost", "http://LOCALHOST.:1", "http://a.localhost/",
                          "http://127.0.0.1", "http://127.9.9.9:80/", "http://[::1]/"}) {
    EXPECT_TRUE(Url::parse(url).value().is_loopback()) << url;
  }
  for (const char* url :
       {"http://localhost.example", "http://notlocalhost", "http://10.0.0.1", "http://[::2]/"}) {
    EXPECT_FALSE(Url::parse(url).value().is_loopback()) << url;
  }
}

TEST(Url, WhatIsNoneIsRefused) {
  for (const std::string url :
       {"", "https://", "https:///path", "ftp://a", "//a", "a", "https//a", "HTTPS://a",
        "https://user@a/", "https://user:pass@a/", "https://a@b@c", "https://a/#f", "https://a\\b",
        "https://a b/", "https://a\r\nb/", "https://a:", "https://a:0", "https://a:65536",
        "https://a:080", "https://a:8x", "https://[::1", "https://::1/", "https://[127.0.0.1]/",
        "https://[fe80::1%25eth0]/", "https://.a", "https://a..b", "https://-a",
        // Forms that resolvers take for 127.0.0.1 and 169.254.169.254.
        "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
        "http://0xa9fea9fe/", "http://169.254.43518/", "http://127.0.0.1./", "http://1.2.3.4.5/",
        "https://\xC3\xA4.example/"}) {
    EXPECT_FALSE(Url::parse(url)) << url;
  }
  EXPECT_FALSE(Url::parse("https://a/" + std::string(2048, 'x')));
  EXPECT_FALSE(Url::parse("https://" + std::string(254, 'a')));
}

}  // namespace
}  // namespace imdsd::base
