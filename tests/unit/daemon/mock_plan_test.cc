// SPDX-License-Identifier: MIT
#include "daemon/mock_plan.h"

#include <gtest/gtest.h>

#include "daemon/config_parser.h"
#include "daemon/mock_audience.h"
#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

constexpr auto kStart = fakes::ManualClock::kStart;

MockSettings settings_of(const std::vector<std::string>& arguments, const std::string& file = "{}",
                         const base::Environment& environment = {}) {
  auto with_file = arguments;
  with_file.insert(with_file.end(), {"-c", "/x"});
  return MockSettings::load(parse_mock_arguments(with_file).value(), environment,
                            [&](const std::string&) -> base::Result<std::string> { return file; })
      .value();
}

MockPlan plan_of(const MockSettings& settings, const std::set<std::string>& as_they_are = {}) {
  return make_mock_plan(settings, "/folder", kStart, as_they_are).value();
}

tl::expected<LoadedConfig, RejectedConfig> config_of(const MockPlan& plan) {
  ConfigInput input;
  input.text = plan.config;
  input.read_file = [&](const std::string& path) -> base::Result<std::string> {
    EXPECT_EQ(path, "/folder/user-data");
    return plan.user_data;
  };
  return parse_config(input);
}

TEST(MockPlan, TheDefaultsAreAConfiguration) {
  const auto plan = plan_of(settings_of({}));
  const auto loaded = config_of(plan);
  ASSERT_TRUE(loaded) << loaded.error().problems.front().to_string() << plan.config;
  const Config& config = loaded->config;
  const auto& instance = config.instances.front().description;
  EXPECT_EQ(config.imds.listen.front().to_string(), "127.0.0.1:1338");
  EXPECT_EQ(config.imds.options.http_tokens, imds::HttpTokens::optional);
  EXPECT_EQ(config.aws.account_id, "515336597381");
  EXPECT_EQ(instance.id, "i-1234567890abcdef0");
  EXPECT_EQ(instance.interfaces.front().mac, "0e:49:61:0f:c3:11");
  EXPECT_EQ(config.instances.front().profile, "baskinc-role");
  EXPECT_EQ(plan.user_data, "1234,john,reboot,true\n");
  EXPECT_EQ(plan.audience, 2U);
}

TEST(MockPlan, SettingsBecomeKeysFromWhichOthersFollow) {
  const auto plan = plan_of(settings_of(
      {"-n", "::1", "-p", "1550", "-I", "-x", "-1"},
      R"({"metadata": {"values": {"mac": "0e:49:61:0f:c3:77", "placement-availability-zone":
          "eu-west-1b", "iam-security-credentials-role": "my-role", "public-ipv4": "54.92.157.77"}}})"));
  const auto loaded = config_of(plan);
  ASSERT_TRUE(loaded) << loaded.error().problems.front().to_string();
  const Config& config = loaded->config;
  const auto& instance = config.instances.front().description;
  EXPECT_EQ(config.imds.listen.front().to_string(), "[::1]:1550");
  EXPECT_EQ(config.imds.options.http_tokens, imds::HttpTokens::required);
  EXPECT_EQ(config.aws.region, "eu-west-1");
  EXPECT_EQ(instance.interfaces.front().mac, "0e:49:61:0f:c3:77");
  EXPECT_EQ(instance.interfaces.front().public_ipv4s, std::vector<std::string>{"54.92.157.77"});
  EXPECT_EQ(config.instances.front().profile, "my-role");
  EXPECT_FALSE(plan.audience);
}

TEST(MockPlan, AValueThatDoesNotFitIsShownAsItIs) {
  const auto settings = settings_of({}, R"({"metadata": {"values": {"kernel-id": "FOO"}}})");
  const auto first = plan_of(settings);
  const auto refused = config_of(first);
  ASSERT_FALSE(refused);
  ASSERT_EQ(refused.error().problems.size(), 1U);
  const auto made_of = first.made_of.find(refused.error().problems.front().key);
  ASSERT_NE(made_of, first.made_of.end());
  const auto second = plan_of(settings, {made_of->second});
  const auto loaded = config_of(second);
  ASSERT_TRUE(loaded) << loaded.error().problems.front().to_string();
  bool shown = false;
  for (const auto& change : loaded->config.instances.front().description.overrides) {
    shown = shown || (change.path == "kernel-id" && change.value == "FOO");
  }
  EXPECT_TRUE(shown);
}

TEST(MockPlan, APathOfItsOwnIsOneMore) {
  const auto plan = plan_of(settings_of(
      {}, R"({"metadata": {"paths": {"mac-device-number": "/latest/meta-data/x/y"}}})"));
  EXPECT_NE(plan.config.find("path = \"x/y\"\nvalue = \"0\"\n"), std::string::npos) << plan.config;
  const auto wrong = make_mock_plan(
      settings_of({}, R"({"metadata": {"paths": {"mac": "/elsewhere"}}})"), "/folder", kStart);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            "metadata.paths.mac: must begin with `/latest/meta-data/` (got `/elsewhere`)");
}

TEST(MockPlan, ABraceInAValueIsText) {
  const auto plan = plan_of(settings_of({}, R"({"metadata": {"values": {"mac": "{mac}"}}})"));
  EXPECT_NE(plan.config.find(R"(path = "network/interfaces/macs/{mac}/)"), std::string::npos);
}

TEST(MockPlan, UserDataMustBeBase64) {
  const auto wrong = make_mock_plan(
      settings_of({}, R"({"userdata": {"values": {"userdata": "%%%"}}})"), "/folder", kStart);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("userdata.values.userdata: must be base64"),
            std::string::npos);
}

TEST(MockScenario, WithoutASubcommandEverythingHappens) {
  const auto text = mock_scenario(settings_of({"-d", "5", "--rebalance-delay-sec", "7"}), kStart);
  EXPECT_EQ(text,
            "[[event]]\nat = \"5s\"\nkind = \"spot\"\naction = \"terminate\"\nin = \"2m\"\n"
            "[[event]]\nat = \"7s\"\nkind = \"rebalance\"\n"
            "[[event]]\nat = \"5s\"\nkind = \"maintenance\"\ncode = \"system-reboot\"\n"
            "deadline = \"9d\"\nfor = \"7d\"\nid = \"instance-event-1234567890abcdef0\"\n"
            "in = \"0s\"\nstate = \"active\"\n"
            "[[event]]\nat = \"0s\"\nkind = \"asg\"\nstate = \"InService\"\n"
            "[[event]]\nat = \"0s\"\nkind = \"asg\"\nstate = \"Terminated\"\n");
}

TEST(MockScenario, WhatIsFarAheadIsAsFarAsAScenarioGoes) {
  const auto text = mock_scenario(
      settings_of({"asg", "--asg-termination-trigger-time", "9090-01-01T00:00:00Z"}), kStart);
  EXPECT_NE(text.find("at = \"3650d\""), std::string::npos) << text;
}

TEST(MockScenario, ASubcommandIsAlone) {
  EXPECT_EQ(
      mock_scenario(settings_of({"asglifecycle", "--asg-termination-delay-sec", "9"}), kStart),
      "[[event]]\nat = \"0s\"\nkind = \"asg\"\nstate = \"InService\"\n"
      "[[event]]\nat = \"9s\"\nkind = \"asg\"\nstate = \"Terminated\"\n");
  const auto spot = mock_scenario(settings_of({"spot", "-a", "stop"}), kStart);
  EXPECT_EQ(spot.find("maintenance"), std::string::npos);
  EXPECT_NE(spot.find("action = \"stop\""), std::string::npos);
}

TEST(MockScenario, ATimeComesBeforeADelayAndMayBePast) {
  const auto settings =
      settings_of({"spot", "-d", "5", "--mock-trigger-time", "2020-01-07T01:03:47Z", "-t",
                   "2020-01-07T01:05:47Z", "-r", "2020-01-07T02:03:47+01:00"});
  EXPECT_EQ(mock_scenario(settings, kStart),
            "[[event]]\nat = \"0s\"\nkind = \"set\"\npath = \"spot/instance-action\"\n"
            "value = \"{\\\"action\\\": \\\"terminate\\\", \\\"time\\\": "
            "\\\"2020-01-07T01:05:47Z\\\"}\"\n"
            "[[event]]\nat = \"0s\"\nkind = \"set\"\npath = \"spot/termination-time\"\n"
            "value = \"2020-01-07T01:05:47Z\"\n"
            "[[event]]\nat = \"0s\"\nkind = \"set\"\npath = \"events/recommendations/rebalance\"\n"
            "value = \"{\\\"noticeTime\\\": \\\"2020-01-07T01:03:47Z\\\"}\"\n");
}

TEST(TomlQuoted, WhateverTheTextIs) {
  EXPECT_EQ(toml_quoted("a\"b\\c\nd\x7F"), "\"a\\\"b\\\\c\\u000ad\\u007f\"");
}

TEST(MockAudience, TheFirstAddressesSeeEvents) {
  MockAudience audience(1);
  const auto status = [&](const char* peer, const char* path) {
    base::HttpResponse answer;
    return audience
        .pass(fakes::HttpRequestBuilder("GET", path).from(peer).build(), std::move(answer))
        .status;
  };
  EXPECT_EQ(status("10.0.0.1:1000", "/latest/meta-data/spot/instance-action"), 200);
  EXPECT_EQ(status("10.0.0.2:1000", "/latest/meta-data/spot/instance-action"), 404);
  EXPECT_EQ(status("10.0.0.2:1000", "//latest/meta-data/events/maintenance/scheduled"), 404);
  EXPECT_EQ(status("10.0.0.2:1000", "/latest/meta-data/instance-id"), 200);
  EXPECT_EQ(status("10.0.0.1:2000", "/latest/meta-data/events/recommendations/rebalance"), 200);
}

}  // namespace
}  // namespace imdsd::daemon
