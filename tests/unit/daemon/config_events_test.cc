// SPDX-License-Identifier: MIT
#include "daemon/config_events.h"

#include <gtest/gtest.h>

#include "config_fixture.h"

namespace imdsd::daemon {
namespace {

TEST(ConfigEvents, AreOrdersInTheOrderOfTheFile) {
  const auto events =
      TestConfig{
          "[[instance]]\n"
          "[[instance.event]]\nkind = \"spot\"\naction = \"stop\"\n"
          "in = \"1m\"\n"
          "[[instance.event]]\nkind = \"asg\"\nstate = \"Standby\"\n"}
          .config()
          .instances.at(0)
          .events;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(std::get<imds::SpotOrder>(events[0].what).in, std::chrono::minutes(1));
  EXPECT_EQ(std::get<imds::AutoScalingOrder>(events[1].what).state, "Standby");
}

TEST(ConfigEvents, MistakesHaveTheirPlaces) {
  const auto problem = [](const std::string& event) {
    return TestConfig{"[[instance]]\n[[instance.event]]\n" + event}.problems();
  };
  EXPECT_EQ(problem("kind = \"spot\"\naction = \"kill\"\n"),
            "config.toml:4:10: instance.0.event.0.action: must be `terminate`, `stop` or "
            "`hibernate` (got `kill`)\n");
  EXPECT_NE(problem("action = \"stop\"\n").find("kind: is required"), std::string::npos);
  EXPECT_NE(problem("kind = \"clear\"\n").find("must be one of spot, rebalance"),
            std::string::npos);
  EXPECT_NE(problem("kind = \"rebalance\"\nin = \"1m\"\n").find("a scenario has events happen"),
            std::string::npos);
  EXPECT_NE(problem("kind = \"maintenance\"\ncode = \"system-reboot\"\nid = \"a\"\n"
                    "[[instance.event]]\n"
                    "kind = \"maintenance\"\ncode = \"system-reboot\"\nid = \"a\"\n")
                .find("`a` is there already"),
            std::string::npos);
  EXPECT_NE(problem("kind = \"asg\"\nstat = \"x\"\n").find("state"), std::string::npos);
}

}  // namespace
}  // namespace imdsd::daemon
