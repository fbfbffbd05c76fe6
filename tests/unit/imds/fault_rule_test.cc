// SPDX-License-Identifier: MIT
#include "imds/fault_rule.h"

#include <gtest/gtest.h>

#include "imds/fault_scenarios.h"
#include "tests/fakes/http_request_builder.h"

namespace imdsd::imds {
namespace {

using fakes::HttpRequestBuilder;
using std::chrono::milliseconds;
using std::chrono::seconds;

FaultRule rule(FaultFields fields) {
  return FaultRule::parse(std::move(fields)).value();
}

std::string refusal(FaultFields fields) {
  const auto parsed = FaultRule::parse(std::move(fields));
  return parsed ? "(taken)" : parsed.error().message;
}

bool path_fits(std::string pattern, std::string_view path) {
  return rule({{"path", std::move(pattern)}, {"reset", "true"}})
      .match.fits(FaultDoor::imds, path, HttpRequestBuilder("GET", "/").build());
}

TEST(FaultRule, PathsMayLeaveOutTheVersionAndMetaData) {
  constexpr std::string_view kRole = "meta-data/iam/security-credentials/app-role";
  for (const char* pattern :
       {"iam/*", "meta-data/iam/*", "/latest/meta-data/iam/*", "latest/iam/*",
        "/2021-03-23/meta-data/iam/*", "*", "*/app-role", "iam/security-credentials/app-role",
        "iam/security-credentials/app-role/"}) {
    EXPECT_TRUE(path_fits(pattern, kRole)) << pattern;
  }
  EXPECT_FALSE(path_fits("iam/*", "meta-data/iam")) << "a star does not take the slash away";
  EXPECT_FALSE(path_fits("iam/security-credentials", kRole));
  EXPECT_TRUE(path_fits("api/token", "api/token"));
  EXPECT_TRUE(path_fits("user-data", "user-data"));
  EXPECT_TRUE(path_fits("dynamic/*", "dynamic/instance-identity/document"));
  EXPECT_TRUE(path_fits("*", "")) << "listings of versions";
}

TEST(FaultRule, FitsMethodPeerAndUserAgentTogether) {
  const auto match = rule({{"method", "PUT"},
                           {"peer", "10.0.0.0/24"},
                           {"user_agent", "*Boto3/*"},
                           {"reset", "true"}})
                         .match;
  const auto request = [](const char* method, const char* peer, const char* agent) {
    return HttpRequestBuilder(method, "/").from(peer).header("User-Agent", agent).build();
  };
  EXPECT_TRUE(match.fits(FaultDoor::imds, "api/token",
                         request("PUT", "10.0.0.7:1", "Boto3/1.42 Botocore")));
  EXPECT_FALSE(
      match.fits(FaultDoor::imds, "api/token", request("GET", "10.0.0.7:1", "Boto3/1.42")));
  EXPECT_FALSE(
      match.fits(FaultDoor::imds, "api/token", request("PUT", "10.0.1.7:1", "Boto3/1.42")));
  EXPECT_FALSE(match.fits(FaultDoor::imds, "api/token", request("PUT", "[::1]:1", "Boto3/1.42")));
  EXPECT_FALSE(match.fits(FaultDoor::imds, "api/token", request("PUT", "10.0.0.7:1", "curl/8")));
  EXPECT_FALSE(match.fits(FaultDoor::imds, "api/token", HttpRequestBuilder("PUT", "/").build()))
      << "no peer known";
  const auto one = rule({{"peer", "::1"}, {"reset", "true"}}).match;
  EXPECT_TRUE(one.fits(FaultDoor::imds, "", request("GET", "[::1]:1", "")));
  EXPECT_FALSE(one.fits(FaultDoor::imds, "", request("GET", "[::2]:1", "")));
}

TEST(FaultRule, ThePathTellsTheDoorWhereNoneIsNamed) {
  const auto door = [](FaultFields fields) {
    fields.emplace_back("status", "503");
    return rule(std::move(fields)).match.door;
  };
  EXPECT_EQ(door({}), FaultDoor::imds);
  EXPECT_EQ(door({{"path", "iam/*"}}), FaultDoor::imds);
  for (const char* path : {"/v2/credentials/*", "v4/*", "/v3/abc/task", "v2/metadata"}) {
    EXPECT_EQ(door({{"path", path}}), FaultDoor::ecs) << path;
  }
  EXPECT_EQ(door({{"path", "/v1/credentials"}, {"door", "eks"}}), FaultDoor::eks);
  EXPECT_EQ(door({{"door", "ecs"}, {"path", "*"}}), FaultDoor::ecs);
}

TEST(FaultRule, ARuleStrikesItsDoorAlone) {
  const auto any = HttpRequestBuilder("GET", "/").build();
  const auto match = rule({{"path", "/v2/credentials/*"}, {"status", "503"}}).match;
  EXPECT_TRUE(match.fits(FaultDoor::ecs, "v2/credentials/shop", any));
  EXPECT_FALSE(match.fits(FaultDoor::ecs, "v4/shop", any));
  EXPECT_FALSE(match.fits(FaultDoor::imds, "v2/credentials/shop", any));
  const auto whole = rule({{"door", "eks"}, {"hang", "true"}}).match;
  EXPECT_TRUE(whole.fits(FaultDoor::eks, "v1/credentials", any));
  EXPECT_FALSE(whole.fits(FaultDoor::ecs, "v1/credentials", any));
  EXPECT_FALSE(rule({{"hang", "true"}}).match.fits(FaultDoor::eks, "v1/credentials", any));
}

TEST(FaultRule, ReadsLatencies) {
  const auto latency = [](const char* text) { return *rule({{"latency", text}}).effect.latency; };
  EXPECT_EQ(latency("800ms").draw(0), milliseconds(800));
  EXPECT_FALSE(latency("800ms").is_random());
  EXPECT_EQ(latency("100ms..2s").draw(0), milliseconds(100));
  EXPECT_EQ(latency("100ms..2s").draw(0.5), milliseconds(1050));
  EXPECT_EQ(latency("p99=2s").draw(0.99), milliseconds(2000));
  EXPECT_EQ(latency("p99=2s").draw(0), milliseconds(0));
  EXPECT_EQ(latency("p99=2s").draw(0.9), milliseconds(1000)) << "exponential: a tenth at half";
  EXPECT_EQ(latency("p99.9=5m").draw(0.9999999), kMaxFaultDelay) << "bounded";
}

TEST(FaultRule, ReadsLimits) {
  const auto limit = rule({{"for", "10s"},
                           {"count", "2"},
                           {"skip", "3"},
                           {"probability", "0.25"},
                           {"seed", "18446744073709551615"},
                           {"cycle", "5s/1m"},
                           {"rate", "30/m"},
                           {"burst", "4"},
                           {"status", "503"}})
                         .limit;
  EXPECT_EQ(limit.duration, milliseconds(seconds(10)));
  EXPECT_EQ(limit.count, 2U);
  EXPECT_EQ(limit.skip, 3U);
  EXPECT_EQ(limit.probability, 0.25);
  EXPECT_EQ(limit.seed, UINT64_MAX);
  EXPECT_EQ(limit.cycle_on, seconds(5));
  EXPECT_EQ(limit.cycle, seconds(60));
  EXPECT_EQ(limit.rate_interval, seconds(2));
  EXPECT_EQ(limit.burst, 4U);
}

TEST(FaultRule, ARateAloneThrottles) {
  EXPECT_EQ(rule({{"rate", "5/s"}}).effect.status, 429);
  EXPECT_EQ(rule({{"rate", "5/s"}, {"status", "503"}}).effect.status, 503);
  EXPECT_EQ(rule({{"rate", "5/s"}, {"reset", "true"}}).effect.status, std::nullopt);
}

TEST(FaultRule, ReadsBinaryBodies) {
  EXPECT_EQ(rule({{"body_base64", "AP8="}}).effect.body, std::string("\0\xff", 2));
  EXPECT_EQ(rule({{"body", ""}}).effect.body, "");
}

struct BadCase {
  FaultFields fields;
  std::string_view message;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  for (const auto& [name, value] : c.fields) *out << name << "=" << value << " ";
}

class BadFaultRule : public testing::TestWithParam<BadCase> {};

TEST_P(BadFaultRule, IsRefusedWithItsPlaceAndReason) {
  EXPECT_EQ(refusal(GetParam().fields), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    FaultRule, BadFaultRule,
    testing::Values(
        BadCase{{},
                "the rule does nothing: give it an effect, such as `status`, `latency` or "
                "`reset`"},
        BadCase{{{"path", "iam/*"}, {"count", "2"}},
                "the rule does nothing: give it an effect, such as `status`, `latency` or `reset`"},
        BadCase{{{"door", "lambda"}, {"hang", "true"}},
                "door: must be `imds`, `ecs` or `eks` (got `lambda`)"},
        BadCase{{{"path", "api/tokens"}, {"hang", "true"}},
                "path: the only path of `api` is `api/token` (got `api/tokens`)"},
        BadCase{{{"path", "user-data/*"}, {"hang", "true"}},
                "path: nothing is below `user-data` (got `user-data/*`)"},
        BadCase{{{"path", "/v1/credentials"}, {"hang", "true"}},
                "path: is no path of the metadata service: name its door, `ecs` or `eks` (got "
                "`/v1/credentials`)"},
        BadCase{{{"path", "/v4/*"}, {"door", "imds"}, {"hang", "true"}},
                "path: is no path of the metadata service: name its door, `ecs` or `eks` (got "
                "`/v4/*`)"},
        BadCase{{{"path", "iam/*"}, {"door", "ecs"}, {"hang", "true"}},
                "path: the door `ecs` has `/v2/credentials/*`, `/v4/*`, `/v3/*`, `/v2/metadata*` "
                "and `/v1/credentials` (got `iam/*`)"},
        BadCase{{{"path", "/v2/credentials/*"}, {"door", "eks"}, {"hang", "true"}},
                "path: the door `eks` has `/v1/credentials` alone (got `/v2/credentials/*`)"},
        BadCase{{{"door", "ecs"}, {"hop_limit", "1"}},
                "hop_limit: this is of the metadata service, not of the door `ecs`"},
        BadCase{{{"door", "eks"}, {"credentials", "stale"}},
                "credentials: `stale` is of the metadata service, not of the door `eks`"},
        BadCase{{{"stauts", "503"}}, "there is no field `stauts`, did you mean `status`?"},
        BadCase{{{"status", "503"}, {"status", "500"}}, "status: is given twice"},
        BadCase{{{"status", "99"}}, "status: must be a whole number from 200 to 599 (got `99`)"},
        BadCase{{{"status", "5xx"}}, "status: must be a whole number from 200 to 599 (got `5xx`)"},
        BadCase{{{"count", "0"}}, "count: must be a whole number from 1 to 1000000000 (got `0`)"},
        BadCase{{{"count", "-1"}}, "count: must be a whole number from 1 to 1000000000 (got `-1`)"},
        BadCase{{{"probability", "1.5"}}, "probability: must be above 0 and at most 1 (got `1.5`)"},
        BadCase{{{"probability", "0"}}, "probability: must be above 0 and at most 1 (got `0`)"},
        BadCase{{{"probability", "nan"}}, "probability: must be above 0 and at most 1 (got `nan`)"},
        BadCase{{{"for", "10"}}, "for: `10` is not a duration such as 6h, 20s, 500ms or 1h30m"},
        BadCase{{{"for", "0s"}}, "for: must be longer than nothing (got `0s`)"},
        BadCase{{{"latency", "6m"}}, "latency: may be at most 5m (got `6m`)"},
        BadCase{{{"latency", "0s"}}, "latency: must be longer than nothing (got `0s`)"},
        BadCase{{{"latency", "2s..1s"}},
                "latency: the first duration must be the shorter one (got `2s..1s`)"},
        BadCase{{{"latency", "p100=1s"}},
                "latency: must be a percentile and its duration, such as `p99=2s` (got `p100=1s`)"},
        BadCase{{{"latency", "p"}},
                "latency: must be a percentile and its duration, such as `p99=2s` (got `p`)"},
        BadCase{{{"path", ""}}, "path: must be a path of 1 to 1024 characters (got ``)"},
        BadCase{{{"path", "/latest/"}},
                "path: must name a path below the version, such as `iam/*` (got `/latest/`)"},
        BadCase{{{"path", "iam/?"}},
                "path: the only wildcard is `*`, and a query is no part of a path (got `iam/?`)"},
        BadCase{{{"path", "iam//x"}}, "path: no path has an empty segment (got `iam//x`)"},
        BadCase{{{"method", "put"}},
                "method: must be a method in capital letters, such as `PUT` (got `put`)"},
        BadCase{{{"peer", "10.0.0.1/24"}},
                "peer: `10.0.0.1/24` is an address in `10.0.0.0/24`, not a network"},
        BadCase{{{"peer", "10.0.0.0/33"}}, "peer: `33` is no prefix length of 0..32"},
        BadCase{{{"peer", "localhost"}}, "peer: `localhost` is not an IP address"},
        BadCase{{{"rate", "5"}},
                "rate: must be requests in a second, minute or hour, such as `5/s` (got `5`)"},
        BadCase{{{"rate", "0/s"}},
                "rate: must be requests in a second, minute or hour, such as `5/s` (got `0/s`)"},
        BadCase{{{"cycle", "10s/5s"}},
                "cycle: the first duration must be the shorter one, and longer than nothing (got "
                "`10s/5s`)"},
        BadCase{{{"truncate", "100%"}},
                "truncate: must be a number of bytes, or `0%` to `99%` of the body (got `100%`)"},
        BadCase{{{"clock_skew", "500ms"}},
                "clock_skew: must be whole seconds, at most 30d, such as `-10m` or `1h` (got "
                "`500ms`)"},
        BadCase{{{"code", "Success"}},
                "code: is the code of credentials: name a failure (got `Success`)"},
        BadCase{{{"http_tokens", "optional"}}, "http_tokens: must be `required` (got `optional`)"},
        BadCase{{{"http_endpoint", "on"}}, "http_endpoint: must be `disabled` (got `on`)"},
        BadCase{{{"credentials", "old"}}, "credentials: must be `expired` or `stale` (got `old`)"},
        BadCase{{{"content_type", "a\r\nSet-Cookie: b"}},
                "content_type: must be one line of 1 to 256 bytes (got `a\r\nSet-Cookie: b`)"},
        BadCase{{{"reset", "yes"}}, "reset: must be `true` (got `yes`)"},
        BadCase{{{"body", std::string(kMaxFaultBody + 1, 'x')}},
                "body: may have at most 16384 bytes (got 16385)"},
        BadCase{{{"reset", "true"}, {"status", "503"}},
                "status: contradicts `reset`: nothing is answered"},
        BadCase{{{"hang", "true"}, {"latency", "1s"}},
                "latency: contradicts `hang`: nothing is answered"},
        BadCase{{{"status", "503"}, {"credentials", "expired"}},
                "credentials: contradicts `status`: the request is not looked at"},
        BadCase{{{"role", "missing"}, {"code", "Failed"}},
                "code: contradicts `role`: there are no documents of it then"},
        BadCase{{{"truncate", "5"}, {"cut", "5"}}, "cut: contradicts `truncate`: a body ends once"},
        BadCase{{{"status", "503"}, {"burst", "3"}}, "burst: means nothing without `rate`"},
        BadCase{{{"status", "503"}, {"message", "m"}}, "message: means nothing without `code`"},
        BadCase{{{"status", "503"}, {"seed", "3"}}, "seed: means nothing without `probability`"}));

TEST(FaultScenarios, AllHaveRulesThatWork) {
  for (const FaultScenario& scenario : fault_scenarios()) {
    const auto made = scenario_rule(scenario.name, {{"for", "10s"}, {"peer", "127.0.0.1"}});
    ASSERT_TRUE(made) << scenario.name << ": " << made.error().message;
    EXPECT_EQ(made->limit.duration, milliseconds(seconds(10)));
    EXPECT_FALSE(scenario.what.empty());
  }
}

TEST(FaultScenarios, GivenFieldsTakeThePlaceOfItsOwn) {
  EXPECT_EQ(scenario_rule("token-403", {{"status", "405"}})->effect.status, 405);
  EXPECT_EQ(scenario_rule("token-403", {{"count", "0"}}).error().message,
            "count: must be a whole number from 1 to 1000000000 (got `0`)");
}

TEST(FaultScenarios, AnUnknownOneNamesTheNearest) {
  const auto made = scenario_rule("imds-of", {});
  EXPECT_EQ(made.error().code, base::Errc::not_found);
  EXPECT_EQ(made.error().message, "there is no scenario `imds-of`, did you mean `imds-off`?");
}

}  // namespace
}  // namespace imdsd::imds
