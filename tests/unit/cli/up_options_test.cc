// SPDX-License-Identifier: MIT
#include "cli/up_options.h"

#include <gtest/gtest.h>

#include "cli/command_line.h"

namespace imdsd::cli {
namespace {

TEST(UpOptions, AreReadAsAWish) {
  const auto line = parse_command_line({"up", "--ipv6", "--ecs", "--interface=dummy", "--port80",
                                        "direct", "--bridge", "docker0", "--force", "--json"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->command, CommandLine::Command::up);
  EXPECT_TRUE(line->json);
  EXPECT_EQ(*line->up.wish(), (reach::Wish{.ipv6 = true,
                                           .ecs = true,
                                           .dummy = true,
                                           .port80 = reach::Wish::Port80::direct,
                                           .bridge = "docker0",
                                           .force = true}));
  EXPECT_EQ(*parse_command_line({"up", "--interface", "lo", "--port80=redirect"})->up.wish(),
            (reach::Wish{.port80 = reach::Wish::Port80::redirect}));
  EXPECT_TRUE(parse_command_line({"down", "--dry-run"})->up.dry_run);
}

struct BadCase {
  std::string_view name;
  std::vector<std::string> arguments;
  std::string_view message;
};
void PrintTo(const BadCase& c, std::ostream* out) {
  *out << c.name;
}

class BadUpOptions : public testing::TestWithParam<BadCase> {};

TEST_P(BadUpOptions, AreRefused) {
  const auto line = parse_command_line(GetParam().arguments);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadUpOptions,
    testing::Values(
        BadCase{"Interface", {"up", "--interface", "eth0"}, "`--interface` is `lo` or `dummy`"},
        BadCase{"Port80", {"up", "--port80", "no"}, "`--port80` is `redirect` or `direct`"},
        BadCase{
            "Bridge", {"up", "--bridge", "a b"}, "`--bridge`: `a b` is no name of an interface"},
        BadCase{"To", {"up", "--to", "here"}, "--to: `here` has no port"},
        BadCase{"ToPort", {"up", "--to", "127.0.0.1:0"}, "--to: the port is missing"},
        BadCase{"OfDown", {"down", "--ipv6"}, "`--ipv6` is no flag of this command"},
        BadCase{"OfStatus", {"status", "--dry-run"}, "`--dry-run` is no flag of this command"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Doors, AreWhatTheDaemonTells) {
  auto doors = parse_doors(R"({"imds":{"listen":["127.0.0.1:1338","[::1]:1338"]}})");
  ASSERT_TRUE(doors);
  EXPECT_EQ(doors->imds.size(), 2U);
  ASSERT_TRUE(add_container_doors(
      R"({"ecs":{"endpoint":"http://127.0.0.1:1341"},"eks":{"endpoint":null}})", *doors));
  EXPECT_EQ(doors->ecs[0].to_string(), "127.0.0.1:1341");
  EXPECT_TRUE(doors->eks.empty());
  for (const auto* bad : {"", "[]", R"({"imds":{"listen":["x"]}})", R"({"imds":{"listen":[1]}})"}) {
    EXPECT_FALSE(parse_doors(bad)) << bad;
  }
  EXPECT_TRUE(parse_doors("{}")->imds.empty());
  for (const auto* bad : {"", "{}", R"({"ecs":{"endpoint":1},"eks":{"endpoint":null}})",
                          R"({"ecs":{"endpoint":"http://name/"},"eks":{"endpoint":null}})"}) {
    EXPECT_FALSE(add_container_doors(bad, *doors)) << bad;
  }
}

TEST(Doors, OfOneInstanceAreItsOwn) {
  const auto doors = parse_doors(
      R"({"imds":{"listen":["127.0.0.1:1338"]},"instances":[{"listen":["127.0.0.1:1340"]}]})",
      "db");
  ASSERT_TRUE(doors);
  ASSERT_EQ(doors->imds.size(), 1U);
  EXPECT_EQ(doors->imds[0].to_string(), "127.0.0.1:1340");
  const auto none =
      parse_doors(R"({"imds":{"listen":["127.0.0.1:1338"]},"instances":[{"listen":[]}]})", "db");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message,
            "instance `db` has no address of its own that port 80 could lead to: give it `listen`");
  EXPECT_FALSE(parse_doors(R"({"instances":[]})", "db"));
}

TEST(Doors, TheDefaultInstanceHasThoseOfUnknownPeers) {
  const auto doors = [](const std::string& unknown_peer) {
    return parse_doors(R"({"imds":{"listen":["127.0.0.1:1338"],"unknown_peer":")" + unknown_peer +
                           R"("},"instances":[{"listen":[],"default":true}]})",
                       "web");
  };
  const auto of_all = doors("default");
  ASSERT_TRUE(of_all);
  ASSERT_EQ(of_all->imds.size(), 1U);
  EXPECT_EQ(of_all->imds[0].to_string(), "127.0.0.1:1338");
  EXPECT_FALSE(doors("refuse"));
  EXPECT_FALSE(parse_doors(R"({"instances":[{"listen":[],"default":true}]})", "web"));
}

}  // namespace
}  // namespace imdsd::cli
