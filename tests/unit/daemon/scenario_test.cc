// SPDX-License-Identifier: MIT
#include "daemon/scenario.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

using namespace std::chrono_literals;

std::string problems(const std::string& text) {
  const auto parsed = parse_scenario(text, "s.toml");
  return parsed ? "" : TestConfig::lines(parsed.error());
}

TEST(Scenario, StepsGoByTimeAndThenByTheFile) {
  const auto parsed = parse_scenario(R"(
[[event]]
at = "10s"
kind = "spot"
action = "terminate"
in = "2m"
[[event]]
kind = "rebalance"
in = "10s"
[[event]]
at = "1s"
kind = "set"
path = "/latest/meta-data/instance-type"
value = "m5.large"
[[event]]
kind = "set"
path = "public-ipv4"
absent = true
[[event]]
at = "1m"
kind = "unset"
path = "instance-type"
[[event]]
at = "2m"
kind = "clear"
what = "spot"
)",
                                     "s.toml");
  ASSERT_TRUE(parsed) << TestConfig::lines(parsed.error());
  ASSERT_EQ(parsed->steps.size(), 6U);
  EXPECT_EQ(parsed->name, "s.toml");
  const auto* absent = std::get_if<MetadataChange>(&parsed->steps[0].step);
  ASSERT_NE(absent, nullptr);
  EXPECT_EQ(*absent, (MetadataChange{"public-ipv4", std::nullopt, false}));
  EXPECT_EQ(parsed->steps[1].at, 1s);
  EXPECT_EQ(std::get<MetadataChange>(parsed->steps[1].step),
            (MetadataChange{"instance-type", "m5.large", false}));
  const auto& spot = std::get<imds::EventOrder>(parsed->steps[2].step);
  EXPECT_EQ(std::get<imds::SpotOrder>(spot.what).in, 2min);
  EXPECT_EQ(parsed->steps[2].position.line, 2U);
  const auto& rebalance = std::get<imds::EventOrder>(parsed->steps[3].step);
  EXPECT_EQ(rebalance.kind(), imds::EventKind::rebalance);
  EXPECT_EQ(rebalance.delay, 0s) << "the notice's delay is the step's";
  EXPECT_EQ(parsed->steps[3].at, 10s);
  EXPECT_EQ(std::get<UnsetStep>(parsed->steps[4].step).path, "instance-type");
}

TEST(Scenario, TellsEveryMistakeWithItsPlace) {
  EXPECT_EQ(problems(R"([[event]]
at = "10 s"
kind = "spot"
action = "terminate"
[[event]]
kind = "spot"
action = "kill"
[[event]]
kind = "spot"
action = "stop"
inn = "2m"
[[event]]
action = "stop"
[[event]]
kind = "set"
path = "instance-id"
value = "i-1"
[[event]]
kind = "set"
path = "a"
[[event]]
kind = "set"
path = "a"
value = "b"
absent = true
[[event]]
kind = "unset"
path = "a"
value = "b"
[[event]]
kind = "asg"
state = 1
)"),
            "s.toml:2:6: at: `10 s` is not a duration such as 6h, 20s, 500ms or 1h30m\n"
            "s.toml:7:10: action: must be `terminate`, `stop` or `hibernate` (got `kill`)\n"
            "s.toml:11:7: inn: is no field of `spot`, did you mean `in`?\n"
            "s.toml:12:1: kind: is required\n"
            "s.toml:16:8: path: metadata `instance-id` is what tokens and credentials belong to: "
            "change instance.*.id in the configuration\n"
            "s.toml:18:1: value: is required\n"
            "s.toml:25:10: absent: cannot be combined with a value\n"
            "s.toml:29:1: value: is no field of this kind\n"
            "s.toml:32:9: state: must be a string (got an integer)\n");
}

TEST(Scenario, RefusesWhatIsNoScenario) {
  EXPECT_EQ(problems(""), "s.toml:1:1: there is no [[event]] in it\n");
  EXPECT_EQ(problems("event = []\n"), "s.toml:1:1: there is no [[event]] in it\n");
  EXPECT_EQ(problems("event = [1]\n"), "s.toml:1:10: event: must be a table (got an integer)\n");
  EXPECT_EQ(problems("[event]\nkind = \"spot\"\n"),
            "s.toml:1:2: event: must be written as [[event]]\n");
  EXPECT_EQ(problems("[imds]\nlisten = []\n"),
            "s.toml:1:2: imds: is not known here: a scenario consists of [[event]] tables\n");
  EXPECT_TRUE(problems("[[event\n").starts_with("s.toml:1:8: ")) << problems("[[event\n");
  EXPECT_NE(problems("[[event]]\nkind = \"x\"\n").find("; or `set` or `unset`"), std::string::npos);
}

TEST(Scenario, IsBounded) {
  std::string text;
  for (std::size_t i = 0; i < kMaxScenarioSteps; ++i) text += "[[event]]\nkind = \"rebalance\"\n";
  EXPECT_EQ(problems(text), "");
  EXPECT_NE(problems(text + "[[event]]\nkind = \"rebalance\"\n").find("more than 1000 events"),
            std::string::npos);
  EXPECT_EQ(problems("[[event]]\nat = \"3651d\"\nkind = \"rebalance\"\n"),
            "s.toml:2:6: at: may be 3650d at most (got `3651d`)\n");
}

}  // namespace
}  // namespace imdsd::daemon
