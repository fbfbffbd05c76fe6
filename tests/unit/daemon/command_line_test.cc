// SPDX-License-Identifier: MIT
#include "daemon/command_line.h"

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

using Action = CommandLine::Action;

TEST(CommandLine, ReadsFlagsInBothForms) {
  const auto line =
      parse_command_line({"--config", "a.toml", "--set", "a=b", "--set=c=d", "--check-config"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->action, Action::check_config);
  EXPECT_EQ(line->config, "a.toml");
  EXPECT_EQ(line->sets, (std::vector<std::string>{"a=b", "c=d"}));
  EXPECT_EQ(parse_command_line({"--config=b.toml"})->config, "b.toml");
}

TEST(CommandLine, NothingMeansRun) {
  const auto line = parse_command_line({});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->action, Action::run);
  EXPECT_EQ(line->config, "");
}

TEST(CommandLine, VersionAndHelpComeFirst) {
  EXPECT_EQ(parse_command_line({"--version", "--nonsense"})->action, Action::version);
  EXPECT_EQ(parse_command_line({"--help"})->action, Action::help);
  EXPECT_EQ(parse_command_line({"-h"})->action, Action::help);
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(parse_command_line({"--verbose"}).error().message, "unknown argument `--verbose`");
  EXPECT_EQ(parse_command_line({"config.toml"}).error().message, "unknown argument `config.toml`");
  EXPECT_EQ(parse_command_line({"--config"}).error().message, "`--config` needs a value");
  EXPECT_EQ(parse_command_line({"--config="}).error().message, "`--config` needs a file");
  EXPECT_EQ(parse_command_line({"--set"}).error().message, "`--set` needs a value");
  EXPECT_FALSE(parse_command_line({"--configuration=x"}));
}

}  // namespace
}  // namespace imdsd::daemon
