// SPDX-License-Identifier: MIT
#include "daemon/oidc_fetcher.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

using base::Errc;

/// What a name resolves to, as an attacker would have it.
std::pair<Errc, std::string> fetch(const std::string& issuer,
                                   const std::vector<std::string>& addresses) {
  std::vector<base::IpAddress> resolved;
  for (const auto& text : addresses) resolved.push_back(base::IpAddress::parse(text).value());
  HttpOidcFetcher fetcher(
      {}, base::TlsTrust::system().value(),
      [&](const std::string&,
          std::chrono::milliseconds timeout) -> base::Result<std::vector<base::IpAddress>> {
        EXPECT_LE(timeout, HttpOidcFetcher::kTimeout);
        if (resolved.empty()) return base::fail(Errc::unavailable, "no name");
        return resolved;
      });
  const auto keys = fetcher.fetch(issuer, {});
  return keys ? std::pair(Errc::internal, std::string("fetched"))
              : std::pair(keys.error().code, keys.error().message);
}

TEST(HttpOidcFetcher, NamesThatLeadInsideAreRefused) {
  for (const std::vector<std::string>& addresses :
       std::vector<std::vector<std::string>>{{"169.254.169.254"},
                                             {"fd00:ec2::254"},
                                             {"::ffff:169.254.170.2"},
                                             {"10.0.0.1"},
                                             {"127.0.0.1"},
                                             {"0.0.0.0"},
                                             // One bad address is enough, wherever it stands:
                                             // nothing is sent to the good one.
                                             {"1.1.1.1", "169.254.169.254"},
                                             {"169.254.169.254", "1.1.1.1"},
                                             {"1.1.1.1", "10.0.0.1"}}) {
    const auto [code, message] = fetch("https://issuer.example", addresses);
    EXPECT_EQ(code, Errc::invalid_argument) << message;
    EXPECT_NE(message.find("`issuer.example` is at "), std::string::npos) << message;
  }
}

TEST(HttpOidcFetcher, LiteralsAreCheckedLikeNames) {
  EXPECT_EQ(fetch("https://169.254.169.254", {}).first, Errc::invalid_argument);
  EXPECT_EQ(fetch("https://[fd00:ec2::254]", {}).first, Errc::invalid_argument);
  EXPECT_EQ(fetch("https://10.0.0.1", {}).first, Errc::invalid_argument);
  EXPECT_EQ(fetch("http://issuer.example", {}).first, Errc::invalid_argument);
}

TEST(HttpOidcFetcher, NamesThatAreNoneAreUnavailable) {
  EXPECT_EQ(fetch("https://issuer.example", {}).first, Errc::unavailable);
}

}  // namespace
}  // namespace imdsd::daemon
