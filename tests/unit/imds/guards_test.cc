// SPDX-License-Identifier: MIT
#include "imds/guards.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"

namespace imdsd::imds {
namespace {

struct Case {
  std::string_view name;
  std::string method;
  std::string host;
  std::vector<base::HttpHeader> headers;
  bool refused;
};

class Guards : public testing::TestWithParam<Case> {};

TEST_P(Guards, Decide) {
  fakes::HttpRequestBuilder builder(GetParam().method, "/latest/meta-data/");
  if (!GetParam().host.empty()) builder.header("Host", GetParam().host);
  for (const auto& [name, value] : GetParam().headers) builder.header(name, value);
  const base::HttpRequest request = builder.build();
  MetadataOptions options;
  options.allowed_hosts = {"metadata.internal"};
  EXPECT_EQ(refusal(request, RequestHeaders::of(request.headers), options).has_value(),
            GetParam().refused);
}

const base::HttpHeader kForwarded{"X-Forwarded-For", "10.0.0.1"};
const base::HttpHeader kToken{"X-aws-ec2-metadata-token", "anything"};
const base::HttpHeader kTtl{"X-aws-ec2-metadata-token-ttl-seconds", "60"};
const std::string kHere = "127.0.0.1:1338";

INSTANTIATE_TEST_SUITE_P(
    Host, Guards,
    testing::Values(Case{"ipv4_with_port", "GET", "127.0.0.1:1338", {}, false},
                    Case{"ipv4", "GET", "169.254.169.254", {}, false},
                    Case{"ipv6_with_port", "GET", "[::1]:1338", {}, false},
                    Case{"ipv6_in_brackets", "GET", "[fd00:ec2::254]", {}, false},
                    // As the common runtime's client sends it.
                    Case{"ipv6_bare", "GET", "::1", {}, false},
                    Case{"localhost", "GET", "localhost:1338", {}, false},
                    Case{"listed_name", "GET", "Metadata.Internal:80", {}, false},
                    Case{"rebinding_name", "GET", "attacker.example:1338", {}, true},
                    Case{"rebinding_name_put", "PUT", "attacker.example", {kTtl}, true},
                    Case{"below_localhost", "GET", "evil.localhost", {}, true},
                    Case{"below_listed_name", "GET", "a.metadata.internal", {}, true},
                    Case{"address_in_a_name", "GET", "127.0.0.1.example.com", {}, true},
                    Case{"none", "GET", "", {}, true}),
    [](const auto& i) { return std::string(i.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Browser, Guards,
    testing::Values(Case{"origin", "GET", kHere, {{"Origin", "https://a.example"}}, true},
                    Case{"origin_null", "GET", kHere, {{"origin", "null"}}, true},
                    Case{"origin_empty", "GET", kHere, {{"Origin", ""}}, true},
                    Case{"origin_put", "PUT", kHere, {{"Origin", "http://localhost"}, kTtl}, true},
                    Case{"cross_site", "GET", kHere, {{"Sec-Fetch-Site", "cross-site"}}, true},
                    Case{"cross_site_case", "GET", kHere, {{"sec-fetch-site", "Cross-Site"}}, true},
                    Case{"cross_site_second_line",
                         "GET",
                         kHere,
                         {{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "cross-site"}},
                         true},
                    Case{"cross_site_first_line",
                         "GET",
                         kHere,
                         {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "none"}},
                         true},
                    Case{"typed_address", "GET", kHere, {{"Sec-Fetch-Site", "none"}}, false}),
    [](const auto& i) { return std::string(i.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Proxy, Guards,
    testing::Values(Case{"put", "PUT", kHere, {kForwarded, kTtl}, true},
                    Case{"put_without_ttl", "PUT", kHere, {kForwarded}, true},
                    Case{"get_with_token", "GET", kHere, {kForwarded, kToken}, true},
                    Case{"head_with_token", "HEAD", kHere, {kForwarded, kToken}, true},
                    Case{"get_with_ttl", "GET", kHere, {kForwarded, kTtl}, true},
                    Case{"any_case", "PUT", kHere, {{"x-forwarded-FOR", ""}}, true},
                    Case{"get_without_token", "GET", kHere, {kForwarded}, false},
                    Case{"put_alone", "PUT", kHere, {kTtl}, false},
                    Case{"other_header", "PUT", kHere, {{"X-Forwarded-Fox", "1"}}, false}),
    [](const auto& i) { return std::string(i.param.name); });

TEST(GuardsEndpoint, RefusesEverythingWhenDisabled) {
  MetadataOptions options;
  options.http_endpoint_enabled = false;
  for (const char* method : {"GET", "HEAD", "PUT", "POST"}) {
    const auto request = fakes::HttpRequestBuilder(method, "/").header("Host", "127.0.0.1").build();
    EXPECT_TRUE(refusal(request, RequestHeaders::of(request.headers), options)) << method;
  }
}

TEST(RequestHeaders, CountsTokenLines) {
  const auto request = fakes::HttpRequestBuilder("GET", "/")
                           .header("x-AWS-ec2-metadata-token", "a")
                           .header("X-Aws-Ec2-Metadata-Token", "b")
                           .header("X-aws-ec2-metadata-token-ttl-seconds", "60")
                           .header("X-aws-ec2-metadata-token-ttl-seconds", "61")
                           .header("X-aws-ec2-metadata-tokens", "c")
                           .build();
  const RequestHeaders seen = RequestHeaders::of(request.headers);
  EXPECT_EQ(seen.token_lines, 2u);
  EXPECT_EQ(seen.token_ttl_lines, 2u);
  EXPECT_EQ(seen.token_ttl, "60");
  EXPECT_TRUE(seen.is_v2());
  EXPECT_FALSE(RequestHeaders::of({}).is_v2());
}

}  // namespace
}  // namespace imdsd::imds
