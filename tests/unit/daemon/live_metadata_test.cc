// SPDX-License-Identifier: MIT
#include "daemon/live_metadata.h"

#include <string>

#include <gtest/gtest.h>

#include "imds/snapshot.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::daemon {
namespace {

class LiveMetadataTest : public testing::Test {
 protected:
  LiveMetadataTest() {
    description_.region = "us-east-1";
    description_.overrides = {{"placement/availability-zone", "overridden"},
                              {"spot/instance-action", "overridden"}};
  }

  /// Empty, or why it was refused.
  std::string take(const LiveStep& step) {
    const auto tried = try_step(step, description_, nullptr, live_, clock_.now(), random_);
    return tried ? "" : tried.error().message;
  }
  std::string set(const std::string& path, std::optional<std::string> value) {
    return take(MetadataChange{path, std::move(value)});
  }
  static imds::EventOrder order(const imds::EventFields& fields) {
    return imds::parse_event_order(fields).value();
  }
  [[nodiscard]] std::string get(const std::string& path) const {
    const auto shown = live_tree(description_, nullptr, live_, clock_.now());
    if (!shown) return shown.error().message;
    const imds::InstanceSnapshot snapshot;
    const auto value = shown->tree->read(
        "meta-data/" + path, {snapshot, imds::Delivery::imdsv2, clock_.now(), imds::kLatest});
    return value ? value->body : "(absent)";
  }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
  imds::InstanceDescription description_ = {.id = "i-0a1b2c3d4e5f60718",
                                            .type = "t3.micro",
                                            .availability_zone = "us-east-1a",
                                            .account_id = "123456789012",
                                            .launch_time = fakes::ManualClock::kStart};
  LiveMetadata live_;
};

TEST_F(LiveMetadataTest, ChangeComesBeforeTheConfigurationsOverride) {
  EXPECT_EQ(get("placement/availability-zone"), "overridden");
  EXPECT_EQ(set("placement/availability-zone", "us-east-1b"), "");
  EXPECT_EQ(get("placement/availability-zone"), "us-east-1b");
  EXPECT_EQ(get("placement/availability-zone-id"), "use1-az2");
  EXPECT_EQ(take(UnsetStep{"placement/availability-zone"}), "");
  EXPECT_EQ(get("placement/availability-zone"), "overridden");
}

TEST_F(LiveMetadataTest, OfAnEventAndAChangeTheLaterOneCounts) {
  EXPECT_EQ(get("spot/instance-action"), "overridden");
  EXPECT_EQ(take(order({{"kind", "spot"}, {"action", "stop"}})), "");
  EXPECT_EQ(get("spot/instance-action"), R"({"action": "stop", "time": "2026-01-01T00:02:00Z"})");
  EXPECT_EQ(set("spot/instance-action", "set"), "");
  EXPECT_EQ(get("spot/instance-action"), "set");
  EXPECT_EQ(take(order({{"kind", "spot"}, {"action", "hibernate"}})), "");
  EXPECT_EQ(get("spot/instance-action"),
            R"({"action": "hibernate", "time": "2026-01-01T00:00:00Z"})");
  EXPECT_TRUE(live_.changes.empty());
  EXPECT_EQ(take(order({{"kind", "clear"}})), "");
  EXPECT_EQ(get("spot/instance-action"), "overridden");
}

TEST_F(LiveMetadataTest, RowsAreAddedChangedAndTakenAway) {
  EXPECT_EQ(set("new/thing", ""), "");
  EXPECT_EQ(get("new"), "thing");
  EXPECT_EQ(get("new/thing"), "");
  EXPECT_EQ(set("instance-life-cycle", "spot"), "");
  EXPECT_EQ(get("instance-life-cycle"), "spot");
  EXPECT_EQ(set("instance-life-cycle", "scheduled"), "");
  EXPECT_EQ(live_.changes.size(), 2U) << "one a path";
  EXPECT_EQ(set("local-ipv4", std::nullopt), "");
  EXPECT_EQ(get("local-ipv4"), "(absent)");
  EXPECT_EQ(take(UnsetStep{}), "");
  EXPECT_EQ(get("instance-life-cycle"), "on-demand");
  EXPECT_NE(get("local-ipv4"), "(absent)");
  EXPECT_EQ(get("new"), "(absent)");
}

TEST_F(LiveMetadataTest, WhatCannotBeIsRefusedAndNothingChanges) {
  EXPECT_EQ(set("placement", "x"), "metadata `placement` is a directory: name what is in it");
  EXPECT_EQ(set("ami-id/x", "x"), "metadata `ami-id/x` lies below a value");
  EXPECT_EQ(set("iam/info", "x"), "metadata `iam/info` follows from the instance profile");
  EXPECT_EQ(set("a", std::string(kMaxChangedValue + 1, 'x')),
            "metadata `a` may have at most 16384 bytes (got 16385)");
  EXPECT_EQ(set("user-data", "\xff"),
            "metadata `user-data` must be UTF-8: binary user data stands in the configuration");
  EXPECT_EQ(take(UnsetStep{"a"}), "metadata `a` was not set");
  EXPECT_EQ(live_, LiveMetadata());
}

TEST_F(LiveMetadataTest, ChangesAreBounded) {
  for (std::size_t i = 0; i < kMaxMetadataChanges; ++i) {
    ASSERT_TRUE(
        take_step(MetadataChange{"x/" + std::to_string(i), "1"}, live_, clock_.now(), random_));
  }
  EXPECT_EQ(set("x/one-more", "1"), "there are 256 changes already: unset some first");
  EXPECT_EQ(set("x/0", "2"), "");
}

TEST_F(LiveMetadataTest, ChangeThatNoLongerFitsIsToldAndNotShown) {
  ASSERT_EQ(set("placement/availability-zone", "us-east-1b"), "");
  ASSERT_EQ(set("a", "1"), "");
  description_.region = "eu-west-1";
  description_.availability_zone = "eu-west-1a";
  description_.overrides = {{"a/b", "2"}};
  const auto shown = live_tree(description_, nullptr, live_, clock_.now());
  ASSERT_TRUE(shown);
  ASSERT_EQ(shown->unfit.size(), 2U);
  EXPECT_EQ(shown->unfit[0].path, "placement/availability-zone");
  EXPECT_EQ(shown->unfit[1].reason, "metadata `a` is a directory: name what is in it");
  EXPECT_EQ(get("placement/availability-zone"), "eu-west-1a");
  EXPECT_EQ(set("instance-life-cycle", "spot"), "") << "no fault of this one";
  EXPECT_NE(set("a", "again"), "") << "but of this one";
}

}  // namespace
}  // namespace imdsd::daemon
