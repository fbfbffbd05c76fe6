// SPDX-License-Identifier: MIT
#include "cli/program_output.h"

#include <gtest/gtest.h>

#include "base/clock_real.h"

namespace imdsd::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ProgramOutput, IsBothStreams) {
  EXPECT_EQ(program_output({"sh", "-c", "echo out; echo err >&2"}, seconds(20)), "out\nerr\n");
}

TEST(ProgramOutput, OfAMissingProgramIsNothing) {
  EXPECT_EQ(program_output({"no-such-program-here"}, seconds(20)), std::nullopt);
  EXPECT_EQ(program_output({}, seconds(20)), std::nullopt);
}

/// A wrapper's child holds the pipe open: it has to go as well.
TEST(ProgramOutput, OfASlowProgramIsNothingAndSoon) {
  const base::RealClock clock;
  const auto start = clock.monotonic();
  EXPECT_EQ(program_output({"sh", "-c", "sleep 60; echo late"}, milliseconds(50)), std::nullopt);
  EXPECT_LT(clock.monotonic() - start, seconds(30));
}

TEST(ProgramOutput, IsBounded) {
  const auto output = program_output({"sh", "-c", "yes | head -c 200000"}, seconds(20));
  ASSERT_TRUE(output);
  EXPECT_LT(output->size(), 10'000U);
}

TEST(ProgramOutput, DoesNotWaitForInput) {
  EXPECT_EQ(program_output({"cat"}, seconds(20)), "");
}

}  // namespace
}  // namespace imdsd::cli
