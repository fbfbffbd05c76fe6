// SPDX-License-Identifier: MIT
// PUT /latest/api/token, and what tokens open.
#include <string>

#include "imds/error_page.h"
#include "tests/unit/imds/service_fixture.h"

namespace imdsd::imds {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kTtl = "X-aws-ec2-metadata-token-ttl-seconds";
constexpr const char* kToken = "X-aws-ec2-metadata-token";
constexpr const char* kTokenPath = "/latest/api/token";

class TokenEndpoint : public ServiceFixture {};

TEST_F(TokenEndpoint, AnswersAToken) {
  const auto response = send("PUT", kTokenPath, {{kTtl, "21600"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), 56u);
  EXPECT_TRUE(response.body.starts_with("AQAEA"));
  EXPECT_EQ(header(response, "Content-Type"), "text/plain");
  EXPECT_EQ(header(response, "Server"), "EC2ws");
  EXPECT_EQ(header(response, kTtlAnswer), "21600");
  EXPECT_EQ(response.headers.get_all(kTtlAnswer).size(), 1u);
  EXPECT_EQ(response.orders.hop_limit, 2);
}

TEST_F(TokenEndpoint, AnswersWithinTheHopLimit) {
  options_.hop_limit = 1;
  publish();
  EXPECT_EQ(send("PUT", kTokenPath, {{kTtl, "60"}}).orders.hop_limit, 1);
  EXPECT_EQ(get_v2("/latest/meta-data/mac").orders.hop_limit, std::nullopt);
}

TEST_F(TokenEndpoint, TellsTheGrantedTtlEvenToAHolderOfAToken) {
  const auto response = send("PUT", kTokenPath, {{kTtl, "60"}, {kToken, token(300)}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get_all(kTtlAnswer), std::vector<std::string_view>{"60"});
}

TEST_F(TokenEndpoint, AnswersWhateverTokenIsSentAlong) {
  EXPECT_EQ(send("PUT", kTokenPath, {{kTtl, "60"}, {kToken, "forged"}}).status, 200);
}

struct TtlCase {
  std::string_view name;
  std::vector<std::pair<std::string, std::string>> headers;
  int status;
};

class TokenTtlHeader : public ServiceFixture, public testing::WithParamInterface<TtlCase> {};

TEST_P(TokenTtlHeader, IsOneNumberInRange) {
  const auto response = send("PUT", kTokenPath, GetParam().headers);
  EXPECT_EQ(response.status, GetParam().status);
  if (response.status == 400) {
    EXPECT_EQ(response.body, error_page(400));
    EXPECT_EQ(header(response, "Content-Type"), "text/html");
    EXPECT_EQ(header(response, kTtlAnswer), "(absent)");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, TokenTtlHeader,
    testing::Values(TtlCase{"least", {{kTtl, "1"}}, 200}, TtlCase{"most", {{kTtl, "21600"}}, 200},
                    TtlCase{
                        "lower_case_name", {{"x-aws-ec2-metadata-token-ttl-seconds", "60"}}, 200},
                    TtlCase{"missing", {}, 400}, TtlCase{"empty", {{kTtl, ""}}, 400},
                    TtlCase{"zero", {{kTtl, "0"}}, 400}, TtlCase{"negative", {{kTtl, "-1"}}, 400},
                    TtlCase{"one_more", {{kTtl, "21601"}}, 400},
                    TtlCase{"overflow", {{kTtl, "4294967297"}}, 400},
                    TtlCase{"more_than_64_bits", {{kTtl, "99999999999999999999999"}}, 400},
                    TtlCase{"word", {{kTtl, "six"}}, 400}, TtlCase{"plus", {{kTtl, "+60"}}, 400},
                    TtlCase{"fraction", {{kTtl, "60.0"}}, 400},
                    TtlCase{"unit", {{kTtl, "60s"}}, 400}, TtlCase{"hex", {{kTtl, "0x3c"}}, 400},
                    TtlCase{"space", {{kTtl, "6 0"}}, 400},
                    TtlCase{"two_lines", {{kTtl, "60"}, {kTtl, "60"}}, 400}),
    [](const auto& i) { return std::string(i.param.name); });

struct RouteCase {
  std::string_view name, method, target;
  int status;
  std::string_view allow;
};

class TokenRoutes : public ServiceFixture, public testing::WithParamInterface<RouteCase> {};

TEST_P(TokenRoutes, Answer) {
  const RouteCase& c = GetParam();
  const auto response = send(std::string(c.method), std::string(c.target), {{kTtl, "60"}});
  EXPECT_EQ(response.status, c.status);
  EXPECT_EQ(header(response, "Allow"), c.allow.empty() ? "(absent)" : c.allow);
  EXPECT_EQ(header(response, "Server"), "EC2ws");
  if (c.status == 405) {
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(header(response, "Content-Type"), "text/plain");
  }
  if (c.status == 403) {
    EXPECT_EQ(response.body, error_page(403));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, TokenRoutes,
    testing::Values(RouteCase{"slash_behind", "PUT", "/latest/api/token/", 200, ""},
                    RouteCase{"slashes", "PUT", "//latest//api/token", 200, ""},
                    RouteCase{"escaped", "PUT", "/latest/api/tok%65n", 200, ""},
                    RouteCase{"query", "PUT", "/latest/api/token?a=b", 200, ""},
                    RouteCase{"dated", "PUT", "/2021-03-23/api/token", 403, ""},
                    RouteCase{"oldest", "PUT", "/1.0/api/token", 403, ""},
                    RouteCase{"get", "GET", kTokenPath, 405, "OPTIONS, PUT"},
                    RouteCase{"head", "HEAD", kTokenPath, 405, "OPTIONS, PUT"},
                    RouteCase{"post", "POST", kTokenPath, 405, "OPTIONS, PUT"},
                    RouteCase{"delete", "DELETE", kTokenPath, 405, "OPTIONS, PUT"},
                    RouteCase{"options", "OPTIONS", kTokenPath, 200, "OPTIONS, PUT"},
                    RouteCase{"get_dated", "GET", "/2021-03-23/api/token", 404, ""},
                    RouteCase{"put_no_version", "PUT", "/api/token", 405, "GET, HEAD"},
                    RouteCase{"put_unknown_version", "PUT", "/2099-01-01/api/token", 405,
                              "GET, HEAD"},
                    RouteCase{"put_elsewhere", "PUT", "/latest/meta-data/mac", 405, "GET, HEAD"},
                    RouteCase{"put_below", "PUT", "/latest/api/token/x", 405, "GET, HEAD"},
                    RouteCase{"post_elsewhere", "POST", "/latest/meta-data/", 405, "GET, HEAD"},
                    RouteCase{"options_elsewhere", "OPTIONS", "/latest/", 405, "GET, HEAD"},
                    RouteCase{"lower_case_method", "get", "/latest/", 405, "GET, HEAD"}),
    [](const auto& i) { return std::string(i.param.name); });

TEST_F(TokenEndpoint, RefusesProxiesAndPages) {
  for (const Headers& headers : {Headers{{kTtl, "60"}, {"X-Forwarded-For", "1.2.3.4"}},
                                 Headers{{kTtl, "60"}, {"Origin", "null"}},
                                 Headers{{kTtl, "60"}, {"Sec-Fetch-Site", "cross-site"}}}) {
    const auto response = send("PUT", kTokenPath, headers);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.body, error_page(403));
    EXPECT_EQ(header(response, kTtlAnswer), "(absent)");
  }
}

class TokenRules : public ServiceFixture {
 protected:
  void expect_unauthorized(const base::HttpResponse& response) {
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.body, "");
    EXPECT_EQ(header(response, "Content-Type"), "text/plain");
    EXPECT_EQ(header(response, "Server"), "EC2ws");
    EXPECT_EQ(header(response, kTtlAnswer), "(absent)");
  }
};

TEST_F(TokenRules, OptionalTakesRequestsWithoutToken) {
  const auto response = get("/latest/meta-data/instance-id");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "i-0a1b2c3d4e5f60718");
  EXPECT_EQ(header(response, kTtlAnswer), "(absent)");
}

TEST_F(TokenRules, RequiredRefusesRequestsWithoutToken) {
  options_.http_tokens = HttpTokens::required;
  publish();
  for (const char* path :
       {"/", "/latest", "/latest/meta-data/instance-id", "/2021-03-23/", "/none"}) {
    expect_unauthorized(get(path));
    expect_unauthorized(send("HEAD", path));
    EXPECT_NE(get_v2(path).status, 401) << path;
  }
}

TEST_F(TokenRules, RefuseABadTokenWhetherOptionalOrRequired) {
  fakes::ScriptedRandom other_random(99);
  const Instance other("i-00000000000000000", other_random);
  const std::string good = token(), expired = token(1);
  const std::string foreign(other.tokens.issue(seconds(60), clock_.monotonic()).value().reveal());
  clock_.advance(seconds(1));
  std::string forged = good;
  forged[20] = forged[20] == 'A' ? 'B' : 'A';
  for (const HttpTokens mode : {HttpTokens::optional, HttpTokens::required}) {
    options_.http_tokens = mode;
    publish();
    for (const std::string& bad : {std::string(), std::string("x"), expired, foreign, forged,
                                   good.substr(0, 55), good + "=", good + "," + good}) {
      expect_unauthorized(get("/latest/meta-data/mac", {{kToken, bad}}));
      expect_unauthorized(get("/latest/no-such-path", {{kToken, bad}}));
    }
    EXPECT_EQ(get("/latest/meta-data/mac", {{kToken, good}}).status, 200);
  }
}

TEST_F(TokenRules, TakeEitherHeaderForVersionTwo) {
  expect_unauthorized(get("/latest/meta-data/mac", {{kTtl, "60"}}));
  EXPECT_EQ(get("/latest/meta-data/mac", {{kTtl, "60"}, {kToken, token()}}).status, 200);
}

TEST_F(TokenRules, TakeTheValidOneOfTwoLines) {
  const std::string good = token(600);
  for (const Headers& headers :
       {Headers{{kToken, "old"}, {kToken, good}}, Headers{{kToken, good}, {kToken, "old"}}}) {
    const auto response = get("/latest/meta-data/mac", headers);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header(response, kTtlAnswer), "600");
  }
  expect_unauthorized(get("/latest/meta-data/mac", {{kToken, "old"}, {kToken, "older"}}));
}

TEST_F(TokenRules, TellWhatIsLeftOfTheTokenOnEachAnswer) {
  const std::string t = token(100);
  clock_.advance(milliseconds(30500));
  const Headers with{{kToken, t}};
  EXPECT_EQ(header(get("/latest/meta-data/mac", with), kTtlAnswer), "69");
  EXPECT_EQ(header(send("HEAD", "/latest/meta-data/mac", with), kTtlAnswer), "69");
  EXPECT_EQ(header(get("/", with), kTtlAnswer), "69");
  const std::pair<base::HttpResponse, int> errors[] = {
      {get("/latest/none", with), 404},
      {get("/latest/%zz", with), 400},
      {send("POST", "/latest/", with), 405},
      {get(kTokenPath, with), 405},
      {get("/latest/", {{kToken, t}, {"X-Forwarded-For", "1.2.3.4"}}), 403},
  };
  for (const auto& [response, status] : errors) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(header(response, kTtlAnswer), "69") << status;
  }
}

TEST_F(TokenRules, EndATokenByItsTtlWhateverTheWallClockSays) {
  const std::string t = token(10);
  clock_.set(clock_.now() + hours(48));
  EXPECT_EQ(get("/latest/meta-data/mac", {{kToken, t}}).status, 200);
  clock_.set(clock_.now() - hours(96));
  clock_.advance(seconds(10));
  expect_unauthorized(get("/latest/meta-data/mac", {{kToken, t}}));
}

TEST_F(TokenRules, LetProxiesReadWithoutToken) {
  EXPECT_EQ(get("/latest/meta-data/mac", {{"X-Forwarded-For", "1.2.3.4"}}).status, 200);
  EXPECT_EQ(get_v2("/latest/meta-data/mac", {{"X-Forwarded-For", "1.2.3.4"}}).status, 403);
}

TEST_F(TokenRules, RefuseEverythingWhenTheEndpointIsDisabled) {
  const std::string t = token();
  options_.http_endpoint_enabled = false;
  publish();
  for (const char* target : {"/", "/latest/meta-data/mac", kTokenPath, kRolePath, "/none"}) {
    for (const char* method : {"GET", "HEAD", "PUT", "POST"}) {
      const auto response = send(method, target, {{kTtl, "60"}, {kToken, t}});
      EXPECT_EQ(response.status, 403) << method << " " << target;
      EXPECT_EQ(response.body, error_page(403));
    }
  }
}

}  // namespace
}  // namespace imdsd::imds
