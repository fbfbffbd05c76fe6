// SPDX-License-Identifier: MIT
#include "iam/usage_tracker.h"

#include <gtest/gtest.h>

namespace imdsd::iam {
namespace {

Usage use(std::string id, int second) {
  return {std::move(id), base::SystemTime(std::chrono::seconds(second)), "s3", "eu-west-1"};
}

TEST(UsageTracker, HandsOutWhatIsNewOnce) {
  UsageTracker tracker({use("AKIA1", 1)});
  EXPECT_TRUE(tracker.take_unwritten().empty()) << "what was kept is written";
  tracker.note(use("AKIA1", 2));
  tracker.note(use("AKIA2", 3));
  tracker.note(use("AKIA1", 4));
  const auto first = tracker.take_unwritten();
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].id, "AKIA1");
  EXPECT_EQ(first[0].time, use("", 4).time) << "the last use";
  EXPECT_EQ(first[1].id, "AKIA2");
  EXPECT_TRUE(tracker.take_unwritten().empty());
  tracker.note(use("AKIA2", 5));
  ASSERT_EQ(tracker.take_unwritten().size(), 1U);
  EXPECT_EQ(tracker.find("AKIA2")->time, use("", 5).time);
}

TEST(UsageTracker, KeepsItsPlaceWhileItGrows) {
  UsageTracker tracker;
  for (int i = 0; i < 5000; ++i) tracker.note(use("AKIA" + std::to_string(i), i));
  const auto all = tracker.take_unwritten();
  ASSERT_EQ(all.size(), 5000U);
  for (int i = 0; i < 5000; ++i) {
    EXPECT_EQ(all[static_cast<std::size_t>(i)].id, "AKIA" + std::to_string(i));
  }
}

}  // namespace
}  // namespace imdsd::iam
