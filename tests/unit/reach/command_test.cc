// SPDX-License-Identifier: MIT
#include "reach/command.h"

#include <gtest/gtest.h>

#include "reach/step.h"
#include "reach/well_known.h"

namespace imdsd::reach {
namespace {

TEST(RunCommand, GivesInputAndTellsTheStatus) {
  const auto output = run_command({{"sh", "-c", "cat; exit 3"}, "in\n", ""}, {});
  ASSERT_TRUE(output);
  EXPECT_EQ(output->status, 3);
  EXPECT_EQ(output->text, "in\n");
  EXPECT_EQ(run_command({{"sh", "-c", "kill -9 $$"}, "", ""}, {})->status, 137);
}

TEST(RunCommand, OfAMissingProgramSaysSo) {
  const auto output = run_command({{"no-such-program-here"}, "", ""}, {});
  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, base::Errc::not_found);
  EXPECT_EQ(output.error().message,
            "`no-such-program-here` cannot be started: No such file or directory");
}

TEST(RunCommand, WritesAValue) {
  const std::string path = testing::TempDir() + "imdsd-command-test";
  EXPECT_FALSE(run_command({{}, "1", path}, {})) << "never makes a file";
  ASSERT_TRUE(run_command({{"touch", path}, "", ""}, {}));
  ASSERT_TRUE(run_command({{}, "1", path}, {}));
  EXPECT_EQ(run_command({{"cat", path}, "", ""}, {})->text, "1");
  ASSERT_TRUE(run_command({{"rm", path}, "", ""}, {}));
}

TEST(CommandText, IsWhatOneWouldType) {
  const Step v4{.kind = Step::Kind::address, .interface = "lo", .address = imds_v4()};
  EXPECT_EQ(to_text(do_command(v4)), "ip address add 169.254.169.254/32 dev lo scope host");
  EXPECT_EQ(to_text(*undo_command(v4)), "ip address delete 169.254.169.254/32 dev lo");
  const Step v6{.kind = Step::Kind::address, .interface = "lo", .address = imds_v6()};
  EXPECT_EQ(to_text(do_command(v6)),
            "ip address add fd00:ec2::254/128 dev lo nodad preferred_lft 0");
  const Step localnet{.kind = Step::Kind::route_localnet, .interface = "docker0"};
  EXPECT_EQ(to_text(do_command(localnet)),
            "echo 1 >/proc/sys/net/ipv4/conf/docker0/route_localnet");
  EXPECT_EQ(to_text({{"nft", "-f", "-"}, "a\n", ""}), "nft -f - <<'END'\na\nEND");
}

}  // namespace
}  // namespace imdsd::reach
