// SPDX-License-Identifier: MIT
#include "console/request_guard.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::console {
namespace {

using fakes::HttpRequestBuilder;
using Headers = std::vector<std::pair<std::string, std::string>>;

base::HttpRequest request(const std::string& method, const Headers& headers) {
  HttpRequestBuilder builder(method, "/api/session");
  for (const auto& [name, value] : headers) builder.header(name, value);
  return builder.to("127.0.0.1:1340").build();
}

TEST(RefuseForeign, KeepsPagesOfOthersOut) {
  struct Case {
    std::string method;
    Headers headers;
    bool passes;
  };
  const std::vector<Case> cases{
      {"GET", {{"Host", "127.0.0.1:1340"}}, true},
      {"GET", {{"Host", "localhost:1340"}}, true},
      {"GET", {{"Host", "[::1]:1340"}}, true},
      {"GET", {{"Host", "console.example.test"}}, true},
      {"GET", {{"Host", "evil.example"}}, false},
      {"GET", {{"Host", "127.0.0.1.evil.example"}}, false},
      {"GET", {}, false},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", "http://localhost:1340"}}, true},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", "https://localhost:1340"}}, true},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", "http://localhost:8080"}}, false},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", "http://evil.example"}}, false},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", "null"}}, false},
      {"POST", {{"Host", "localhost:1340"}, {"Origin", ""}}, false},
      {"POST", {{"Host", "localhost:1340"}, {"Sec-Fetch-Site", "same-origin"}}, true},
      {"GET", {{"Host", "localhost:1340"}, {"Sec-Fetch-Site", "none"}}, true},
      {"GET", {{"Host", "localhost:1340"}, {"Sec-Fetch-Site", "cross-site"}}, false},
      {"GET", {{"Host", "localhost:1340"}, {"Sec-Fetch-Site", "same-site"}}, false},
      {"GET",
       {{"Host", "localhost:1340"},
        {"Sec-Fetch-Site", "cross-site"},
        {"Sec-Fetch-Mode", "navigate"}},
       true},
      {"POST",
       {{"Host", "localhost:1340"},
        {"Sec-Fetch-Site", "cross-site"},
        {"Sec-Fetch-Mode", "navigate"}},
       false},
  };
  const std::vector<std::string> hosts{"console.example.test"};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const auto reason = refuse_foreign(request(cases[i].method, cases[i].headers), hosts);
    EXPECT_EQ(!reason, cases[i].passes) << "case " << i;
  }
}

TEST(SessionCookie, IsFoundAmongOthers) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"imdsd-console-1340=abc", "abc"},
      {"a=1; imdsd-console-1340=abc; b=2", "abc"},
      {"imdsd-console-1341=other; imdsd-console-1340=abc", "abc"},
      {"ximdsd-console-1340=abc", ""},
      {"imdsd-console-1340", ""},
      {";;=; ", ""},
      {"", ""},
  };
  for (const auto& [line, token] : cases) {
    EXPECT_EQ(session_cookie(request("GET", {{"Cookie", line}})), token) << line;
  }
  EXPECT_EQ(session_cookie(request("GET", {})), "");
}

TEST(SetCookie, IsForThisPageAlone) {
  EXPECT_EQ(set_cookie(request("GET", {}), "abc"),
            "imdsd-console-1340=abc; Path=/; HttpOnly; SameSite=Strict");
  EXPECT_EQ(set_cookie(request("GET", {}), ""),
            "imdsd-console-1340=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
  const auto tls = HttpRequestBuilder("GET", "/").to("127.0.0.1:1340").secure().build();
  EXPECT_EQ(set_cookie(tls, "abc"),
            "imdsd-console-1340=abc; Path=/; HttpOnly; SameSite=Strict; Secure");
}

TEST(AddBrowserHeaders, LeaveNothingToInlineScriptsFramesAndCaches) {
  base::HttpHeaders headers;
  add_browser_headers(headers);
  const std::string policy(headers.get("Content-Security-Policy").value());
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(headers.get("Cache-Control"), "no-store");
}

}  // namespace
}  // namespace imdsd::console
