// SPDX-License-Identifier: MIT
#include "daemon/run.h"

#include <gtest/gtest.h>

#include "config_fixture.h"
#include "daemon/files.h"
#include "temp_dir.h"

namespace imdsd::daemon {
namespace {

class RunTest : public testing::Test {
 protected:
  struct Outcome {
    int code;
    std::string out, err;
  };
  [[nodiscard]] Outcome run_with(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "imdsd");
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run(arguments, environment_);
    auto out = testing::internal::GetCapturedStdout();
    return {code, std::move(out), testing::internal::GetCapturedStderr()};
  }
  [[nodiscard]] std::string file(const std::string& text) const {
    EXPECT_TRUE(write_file_atomically(temp_ / "c.toml", text));
    return temp_ / "c.toml";
  }
  TempDir temp_;
  base::Environment environment_;
};

TEST_F(RunTest, VersionAndHelp) {
  EXPECT_EQ(run_with({"--version"}).out, "imdsd " IMDSD_VERSION "\n");
  const auto help = run_with({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_TRUE(help.out.starts_with("usage: imdsd "));
}

TEST_F(RunTest, BadArgumentsAreTwo) {
  const auto outcome = run_with({"--frobnicate"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(outcome.err.starts_with("imdsd: unknown argument `--frobnicate`\n")) << outcome.err;
  EXPECT_EQ(outcome.out, "");
}

TEST_F(RunTest, CheckConfigApproves) {
  const auto path = file(role_toml());
  const auto outcome = run_with({"--config", path, "--check-config"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, path + ": ok\n");
  EXPECT_EQ(outcome.err, "");
}

TEST_F(RunTest, CheckConfigTellsAllProblems) {
  const auto path = file("[imds]\nhop_limit = 0\nhop = 1\n");
  const auto outcome = run_with({"--config", path, "--check-config", "--set", "log.level=x"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err,
            "--set log.level=x: log.level: must be `debug`, `info`, `warn` or `error` (got `x`)\n" +
                path + ":2:13: imds.hop_limit: must be 1..64 (got 0)\n" + path +
                ":3:1: imds.hop: unknown key\n");
}

/// What shows only when all entities are put together.
TEST_F(RunTest, CheckConfigLooksPrincipalsUp) {
  const auto path = file(
      "[[iam.role]]\nname = \"r\"\ntrust_policy = '''{\"Version\":\"2012-10-17\",\"Statement\":"
      "[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:user/ghost\"},"
      "\"Action\":\"sts:AssumeRole\"}]}'''\n");
  const auto outcome = run_with({"--config", path, "--check-config"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(outcome.err.starts_with(path + ":2:8: iam.role.0: role `r`: ")) << outcome.err;
}

TEST_F(RunTest, WarningsDoNotFail) {
  environment_["IMDSD_PORT"] = "tcp://10.0.0.1:1338";
  const auto outcome = run_with({"--config", file(role_toml()), "--check-config"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "warning: IMDSD_PORT: is no key of the configuration\n");
}

TEST_F(RunTest, WarningsAreShownBesideErrors) {
  environment_["IMDSD_IMDS_HOPLIMIT"] = "3";
  const auto path = file("[imds]\nhop_limit = 0\n");
  const auto outcome = run_with({"--config", path, "--check-config"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_TRUE(
      outcome.err.starts_with("warning: IMDSD_IMDS_HOPLIMIT: is no key of the "
                              "configuration"))
      << outcome.err;
  EXPECT_NE(outcome.err.find(path + ":2:13: imds.hop_limit: must be 1..64 (got 0)\n"),
            std::string::npos)
      << outcome.err;
}

TEST_F(RunTest, CheckConfigLooksTheAdminGroupUp) {
  const auto path = file("[admin]\ngroup = \"no-such-group-here\"\n[imds]\nhop_limit = 0\n");
  const auto outcome = run_with({"--config", path, "--check-config"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, path + ":2:9: admin.group: there is no group `no-such-group-here`\n" +
                             path + ":4:13: imds.hop_limit: must be 1..64 (got 0)\n");
}

TEST_F(RunTest, MissingFileIsNamed) {
  const auto outcome = run_with({"--config", temp_ / "none.toml"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err,
            "imdsd: cannot read `" + temp_ / "none.toml" + "`: no such file or directory\n");
}

}  // namespace
}  // namespace imdsd::daemon
