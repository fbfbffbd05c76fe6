// SPDX-License-Identifier: MIT
#include "cli/exec.h"

#include <gtest/gtest.h>

namespace imdsd::cli {
namespace {

TEST(ChildEnvironment, SetsUnsetsAndKeepsTheRest) {
  const base::Environment current = {{"HOME", "/h"}, {"AWS_PROFILE", "work"}, {"AWS_REGION", "x"}};
  EXPECT_EQ(child_environment(current, {{"AWS_REGION", "eu-west-1"},
                                        {"AWS_PROFILE", std::nullopt},
                                        {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}}),
            (std::vector<std::string>{"AWS_ENDPOINT_URL=http://127.0.0.1:1", "AWS_REGION=eu-west-1",
                                      "HOME=/h"}));
}

TEST(ExecCommand, TellsWhatCannotBeRunAsAShellDoes) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(exec_command({"/nowhere/program"}, {}), 127);
  EXPECT_EQ(exec_command({"/dev/null"}, {}), 126);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "imdsctl: cannot run `/nowhere/program`: No such file or directory\n"
            "imdsctl: cannot run `/dev/null`: Permission denied\n");
}

}  // namespace
}  // namespace imdsd::cli
