// SPDX-License-Identifier: MIT
#include "base/http_message.h"

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::base {
namespace {

HttpHeaders sample() {
  HttpHeaders headers;
  headers.add("Host", "a");
  headers.add("X-Forwarded-For", "1");
  headers.add("x-forwarded-for", "2");
  return headers;
}

TEST(HttpHeaders, GetIgnoresCaseAndGivesTheFirst) {
  EXPECT_EQ(sample().get("HOST"), "a");
  EXPECT_EQ(sample().get("X-FORWARDED-for"), "1");
  EXPECT_EQ(sample().get("X-Forwarded"), std::nullopt);
  EXPECT_TRUE(sample().has("host"));
  EXPECT_FALSE(sample().has("Hos"));
}

TEST(HttpHeaders, GetAllKeepsWireOrder) {
  const HttpHeaders headers = sample();
  EXPECT_EQ(headers.get_all("X-Forwarded-For"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_TRUE(headers.get_all("Accept").empty());
}

TEST(HttpHeaders, SetReplacesEveryLine) {
  HttpHeaders headers = sample();
  headers.set("X-FORWARDED-FOR", "3");
  EXPECT_EQ(headers.get_all("x-forwarded-for"), std::vector<std::string_view>{"3"});
  EXPECT_EQ(headers.lines().size(), 2U);
  headers.set(headers.lines()[0].name, "b");  // a name out of the headers themselves
  EXPECT_EQ(headers.get("Host"), "b");
  EXPECT_EQ(headers.lines().size(), 2U);
}

struct Target {
  std::string_view name, target, path, query;
};
class HttpRequestTarget : public testing::TestWithParam<Target> {};

TEST_P(HttpRequestTarget, SplitsAtTheFirstQuestionMark) {
  const auto request = fakes::HttpRequestBuilder("GET", std::string(GetParam().target)).build();
  EXPECT_EQ(request.path(), GetParam().path);
  EXPECT_EQ(request.query(), GetParam().query);
}

INSTANTIATE_TEST_SUITE_P(All, HttpRequestTarget,
                         testing::Values(Target{"no_query", "/a/b", "/a/b", ""},
                                         Target{"query", "/a?b=c", "/a", "b=c"},
                                         Target{"empty_query", "/a?", "/a", ""},
                                         Target{"two_marks", "/a?b?c", "/a", "b?c"},
                                         Target{"escaped_mark", "/a%3Fb", "/a%3Fb", ""},
                                         Target{"empty", "", "", ""}),
                         [](const auto& row) { return std::string(row.param.name); });

struct Host {
  std::string_view name, host, bare;
};
class HostWithoutPort : public testing::TestWithParam<Host> {};

TEST_P(HostWithoutPort, Gives) {
  EXPECT_EQ(host_without_port(GetParam().host), GetParam().bare);
}

INSTANTIATE_TEST_SUITE_P(
    Plain, HostWithoutPort,
    testing::Values(Host{"v4", "127.0.0.1", "127.0.0.1"},
                    Host{"v4_port", "127.0.0.1:80", "127.0.0.1"}, Host{"name", "name", "name"},
                    Host{"name_port", "name:80", "name"}, Host{"empty_port", "name:", "name"},
                    Host{"v6", "::1", "::1"}, Host{"v6_long", "fd00:ec2::254", "fd00:ec2::254"},
                    Host{"v6_brackets", "[::1]", "::1"}, Host{"v6_port", "[::1]:80", "::1"},
                    Host{"empty", "", ""}),
    [](const auto& row) { return std::string(row.param.name); });

// What is no host stays whole, so that it matches no allowed name.
INSTANTIATE_TEST_SUITE_P(Hostile, HostWithoutPort,
                         testing::Values(Host{"open_bracket", "[::1", "[::1"},
                                         Host{"behind_bracket", "[::1]evil", "[::1]evil"},
                                         Host{"bracket_port_letters", "[::1]:8o", "[::1]:8o"},
                                         Host{"port_letters", "127.0.0.1:evil", "127.0.0.1:evil"},
                                         Host{"user_info", "127.0.0.1:80@evil",
                                              "127.0.0.1:80@evil"},
                                         Host{"negative_port", "name:-1", "name:-1"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ReasonPhrase, KnowsRegisteredStatuses) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(206), "Partial Content");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(416), "Range Not Satisfiable");
  EXPECT_EQ(reason_phrase(429), "Too Many Requests");
  EXPECT_EQ(reason_phrase(503), "Service Unavailable");
  EXPECT_EQ(reason_phrase(299), "Unknown");
  EXPECT_EQ(reason_phrase(-1), "Unknown");
}

TEST(HttpRequestBuilder, FillsTheRequest) {
  const auto request = fakes::HttpRequestBuilder("PUT", "/x")
                           .header("Host", "h")
                           .body("b")
                           .from("10.0.0.1:5000")
                           .to("[::1]:80")
                           .secure()
                           .build();
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.headers.get("host"), "h");
  EXPECT_EQ(request.body, "b");
  EXPECT_EQ(request.peer.address->to_string(), "10.0.0.1:5000");
  EXPECT_EQ(request.local->to_string(), "[::1]:80");
  EXPECT_TRUE(request.secure);
}

}  // namespace
}  // namespace imdsd::base
