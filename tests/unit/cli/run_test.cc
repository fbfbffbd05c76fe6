// SPDX-License-Identifier: MIT
#include "cli/run.h"

#include <gtest/gtest.h>

#include "cli/program_output.h"

namespace imdsd::cli {
namespace {

struct Outcome {
  int code;
  std::string out, err;
};

Outcome run_with(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "imdsctl");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run(arguments, {});
  auto out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

TEST(Run, VersionAndHelp) {
  EXPECT_EQ(run_with({"--version"}).out, "imdsctl " IMDSD_VERSION "\n");
  EXPECT_TRUE(run_with({"--help"}).out.starts_with("usage: imdsctl "));
}

TEST(Run, BadArgumentsAreTwo) {
  const auto outcome = run_with({"stop"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "imdsctl: unknown command `stop`\n`imdsctl --help` has the commands and their flags\n");
}

TEST(Run, WithoutADaemonSaysWhatToDo) {
  const auto outcome = run_with({"--socket", "/nowhere/admin.sock", "status"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(outcome.err.starts_with("imdsctl: no imdsd answers; tried\n  /nowhere/admin.sock: "))
      << outcome.err;
}

/// `eval "$(imdsctl env)" && aws …` must not go on to the real AWS.
TEST(Run, EnvWithoutADaemonMakesEvalFail) {
  const auto outcome = run_with({"--socket", "/nowhere/admin.sock", "env"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(program_output({"sh", "-c", "eval \"$1\" && echo went on", "sh", outcome.out},
                           std::chrono::seconds(20)),
            "");
  EXPECT_EQ(run_with({"--socket", "/nowhere/admin.sock", "env", "--json"}).out, "");
}

}  // namespace
}  // namespace imdsd::cli
