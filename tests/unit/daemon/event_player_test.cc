// SPDX-License-Identifier: MIT
#include "daemon/event_player.h"

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"

namespace imdsd::daemon {
namespace {

using namespace std::chrono_literals;

class EventPlayerTest : public testing::Test {
 protected:
  ~EventPlayerTest() override {
    if (thread_.joinable()) {
      stop_.request_stop();
      thread_.join();
    }
  }
  void start() {
    thread_ = std::thread([this] { player_.run(stop_.get_token()); });
    clock_.wait_for_sleeper();
  }
  void advance(std::chrono::milliseconds step) {
    clock_.advance(step);
    clock_.wait_for_sleeper();
  }
  static Scenario scenario(std::initializer_list<std::chrono::milliseconds> times) {
    Scenario out{"s.toml", {}};
    for (const auto at : times) {
      out.steps.push_back({at, MetadataChange{std::to_string(at.count()), "x"}, {"s.toml", 1, 1}});
    }
    return out;
  }
  /// What was carried out since the last call.
  std::string taken() {
    const std::lock_guard lock(mutex_);
    return std::exchange(taken_, "");
  }

  fakes::ManualClock clock_;
  std::mutex mutex_;
  std::string taken_;
  std::string failing_;  // the path whose step fails
  EventPlayer player_{clock_, [this](const std::string& id, const LiveStep& step) {
                        const std::lock_guard lock(mutex_);
                        const auto* change = std::get_if<MetadataChange>(&step);
                        const std::string what = change != nullptr ? change->path : "event";
                        taken_ += id + ":" + what + " ";
                        if (what != failing_) return base::Result<void>();
                        return base::Result<void>(base::fail(base::Errc::not_found, "no"));
                      }};
  std::stop_source stop_;
  std::thread thread_;
};

TEST_F(EventPlayerTest, WhatIsDueHasHappenedWhenPlayReturns) {
  player_.play("i-1", scenario({0ms, 0ms, 500ms}));
  EXPECT_EQ(taken(), "i-1:0 i-1:0 ");
  const auto view = player_.view("i-1");
  ASSERT_TRUE(view.scenario);
  EXPECT_EQ(view.scenario->steps, 3U);
  EXPECT_EQ(view.scenario->taken, 2U);
  EXPECT_EQ(view.scenario->next, clock_.now() + 500ms);
}

TEST_F(EventPlayerTest, StepsHappenAtTheirTimes) {
  start();
  player_.play("i-1", scenario({1s, 3s, 3s}));
  clock_.wait_for_sleeper();
  advance(999ms);
  EXPECT_EQ(taken(), "");
  advance(1ms);
  EXPECT_EQ(taken(), "i-1:1000 ");
  advance(10s);
  EXPECT_EQ(taken(), "i-1:3000 i-1:3000 ");
  const auto over = player_.view("i-1").scenario;
  ASSERT_TRUE(over);
  EXPECT_FALSE(over->next);
  EXPECT_FALSE(player_.stop("i-1")) << "it is over";
}

TEST_F(EventPlayerTest, SecondScenarioTakesThePlaceOfTheFirst) {
  start();
  player_.play("i-1", scenario({1s}));
  player_.play("i-2", scenario({1s}));
  player_.play("i-1", scenario({2s}));
  clock_.wait_for_sleeper();
  advance(1s);
  EXPECT_EQ(taken(), "i-2:1000 ");
  advance(1s);
  EXPECT_EQ(taken(), "i-1:2000 ");
}

TEST_F(EventPlayerTest, NothingHappensAfterStop) {
  start();
  player_.play("i-1", scenario({1s}));
  EXPECT_TRUE(player_.stop("i-1"));
  EXPECT_FALSE(player_.stop("i-1"));
  EXPECT_FALSE(player_.view("i-1").scenario);
  clock_.wait_for_sleeper();
  advance(2s);
  EXPECT_EQ(taken(), "");
}

TEST_F(EventPlayerTest, SingleEventsWaitAndCanBeCancelled) {
  start();
  ASSERT_TRUE(player_.later("i-1", {imds::RebalanceOrder{}, 30s}));
  ASSERT_TRUE(player_.later("i-1", {imds::RebalanceOrder{}, 60s}));
  ASSERT_EQ(player_.view("i-1").pending.size(), 2U);
  EXPECT_EQ(player_.view("i-1").pending[0].at, clock_.now() + 30s);
  clock_.wait_for_sleeper();
  advance(30s);
  EXPECT_EQ(taken(), "i-1:event ");
  player_.cancel("i-1", imds::EventKind::spot);
  EXPECT_EQ(player_.view("i-1").pending.size(), 1U);
  player_.cancel("i-1", imds::EventKind::rebalance);
  EXPECT_TRUE(player_.view("i-1").pending.empty());
  advance(60s);
  EXPECT_EQ(taken(), "");
}

TEST_F(EventPlayerTest, CancellingAllEndsTheScenario) {
  player_.play("i-1", scenario({1s}));
  ASSERT_TRUE(player_.later("i-1", {imds::RebalanceOrder{}, 30s}));
  player_.cancel("i-1", std::nullopt);
  EXPECT_FALSE(player_.view("i-1").scenario);
  EXPECT_TRUE(player_.view("i-1").pending.empty());
}

TEST_F(EventPlayerTest, StepThatFailsIsToldAndTheNextOnesGoOn) {
  failing_ = "1";
  player_.play("i-1", scenario({0ms}));
  start();
  player_.play("i-1", scenario({1ms, 2ms}));
  clock_.wait_for_sleeper();
  advance(2ms);
  EXPECT_EQ(taken(), "i-1:0 i-1:1 i-1:2 ");
  EXPECT_EQ(player_.view("i-1").scenario->problems, (std::vector<std::string>{"s.toml:1:1: no"}));
}

TEST_F(EventPlayerTest, PendingEventsAreBounded) {
  for (std::size_t i = 0; i < EventPlayer::kMaxPending; ++i) {
    ASSERT_TRUE(player_.later("i-1", {imds::RebalanceOrder{}, 30s}));
  }
  EXPECT_FALSE(player_.later("i-1", {imds::RebalanceOrder{}, 30s}));
  EXPECT_TRUE(player_.later("i-2", {imds::RebalanceOrder{}, 30s}));
}

}  // namespace
}  // namespace imdsd::daemon
