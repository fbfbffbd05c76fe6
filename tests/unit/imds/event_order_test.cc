// SPDX-License-Identifier: MIT
#include "imds/event_order.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::imds {
namespace {

using namespace std::chrono_literals;
using State = MaintenanceEvent::State;

constexpr auto kNow = fakes::ManualClock::kStart + 500ms;

class EventOrderTest : public testing::Test {
 protected:
  /// Empty, or what was wrong.
  std::string order(const EventFields& fields) {
    const auto parsed = parse_event_order(fields);
    if (!parsed) return parsed.error().field + ": " + parsed.error().message;
    const auto done = carry_out(*parsed, events_, kNow, random_);
    return done ? "" : done.error().message;
  }

  InstanceEvents events_;
  fakes::ScriptedRandom random_;
};

TEST_F(EventOrderTest, SpotGivesTwoMinutesNoticeInWholeSeconds) {
  ASSERT_EQ(order({{"kind", "spot"}, {"action", "terminate"}}), "");
  EXPECT_EQ(events_.spot,
            (SpotInterruption{SpotInterruption::Action::terminate, kNow - 500ms + 2min}));
  ASSERT_EQ(order({{"kind", "spot"}, {"action", "stop"}, {"in", "90s"}}), "");
  EXPECT_EQ(events_.spot, (SpotInterruption{SpotInterruption::Action::stop, kNow - 500ms + 90s}));
}

TEST_F(EventOrderTest, HibernationBeginsAtOnce) {
  ASSERT_EQ(order({{"kind", "spot"}, {"action", "hibernate"}}), "");
  EXPECT_EQ(events_.spot->time, kNow - 500ms);
  ASSERT_EQ(order({{"kind", "spot"}, {"action", "hibernate"}, {"in", "1m"}}), "");
  EXPECT_EQ(events_.spot->time, kNow - 500ms + 1min);
}

TEST_F(EventOrderTest, RebalanceIsNoticedWhenItIsCarriedOut) {
  const auto later = parse_event_order({{"kind", "rebalance"}, {"in", "30s"}});
  ASSERT_TRUE(later);
  EXPECT_EQ(later->delay, 30s);
  EXPECT_EQ(later->kind(), EventKind::rebalance);
  ASSERT_TRUE(carry_out(*later, events_, kNow, random_));
  EXPECT_EQ(events_.rebalance, kNow - 500ms);
}

TEST_F(EventOrderTest, MaintenanceHasAnIdAndATime) {
  ASSERT_EQ(order({{"kind", "maintenance"}, {"code", "system-reboot"}}), "");
  ASSERT_EQ(order({{"kind", "maintenance"},
                   {"code", "instance-stop"},
                   {"state", "active"},
                   {"id", "instance-event-1"},
                   {"description", "degraded"},
                   {"in", "3h"},
                   {"for", "10m"},
                   {"deadline", "7d"}}),
            "");
  ASSERT_EQ(events_.maintenance.size(), 2U);
  const auto& first = events_.maintenance[0];
  EXPECT_EQ(first.id.size(), std::string("instance-event-0d59937288b749b32").size());
  EXPECT_TRUE(first.id.starts_with("instance-event-0"));
  EXPECT_EQ(first.description, "scheduled reboot");
  EXPECT_EQ(first.state, State::active);
  EXPECT_EQ(first.not_before, kNow - 500ms + 1h);
  EXPECT_EQ(first.not_after, kNow - 500ms + 3h);
  const auto& second = events_.maintenance[1];
  EXPECT_EQ(second.id, "instance-event-1");
  EXPECT_EQ(second.description, "degraded");
  EXPECT_EQ(second.not_before, kNow - 500ms + 3h);
  EXPECT_EQ(second.not_after, kNow - 500ms + 3h + 10min);
  EXPECT_EQ(second.not_before_deadline, kNow - 500ms + 168h);
}

TEST_F(EventOrderTest, MaintenanceEndsByCodeNewestFirst) {
  for (const char* id : {"a", "b"}) {
    ASSERT_EQ(order({{"kind", "maintenance"}, {"code", "system-reboot"}, {"id", id}}), "");
  }
  const EventFields cancel = {
      {"kind", "maintenance"}, {"code", "system-reboot"}, {"state", "cancelled"}};
  ASSERT_EQ(order(cancel), "");
  EXPECT_EQ(events_.maintenance[0].state, State::active);
  EXPECT_EQ(events_.maintenance[1].state, State::canceled);
  ASSERT_EQ(order(cancel), "");
  EXPECT_EQ(events_.maintenance[0].state, State::canceled);
  ASSERT_EQ(order(cancel), "") << "one that nobody announced";
  EXPECT_EQ(events_.maintenance.size(), 3U);
}

TEST_F(EventOrderTest, MaintenanceEndsById) {
  ASSERT_EQ(order({{"kind", "maintenance"}, {"code", "system-reboot"}, {"id", "a"}}), "");
  const EventFields complete = {{"kind", "maintenance"}, {"id", "a"}, {"state", "completed"}};
  ASSERT_EQ(order(complete), "");
  EXPECT_EQ(events_.maintenance[0].state, State::completed);
  EXPECT_EQ(order(complete), "maintenance event `a` is completed already");
  EXPECT_EQ(order({{"kind", "maintenance"}, {"id", "x"}, {"state", "completed"}}),
            "there is no maintenance event `x`");
}

TEST_F(EventOrderTest, IdIsOfOneEventAlone) {
  const EventFields fields = {{"kind", "maintenance"}, {"code", "system-reboot"}, {"id", "a"}};
  ASSERT_EQ(order(fields), "");
  EXPECT_EQ(order(fields), "maintenance event `a` is there already");
  EXPECT_EQ(events_.maintenance.size(), 1U);
}

TEST_F(EventOrderTest, CompletedMaintenanceThatWasNotAnnouncedHasJustEnded) {
  ASSERT_EQ(order({{"kind", "maintenance"}, {"code", "instance-reboot"}, {"state", "completed"}}),
            "");
  EXPECT_EQ(events_.maintenance.at(0).not_before, kNow - 500ms - 2h);
  EXPECT_EQ(events_.maintenance.at(0).not_after, kNow - 500ms);
}

TEST_F(EventOrderTest, MaintenanceIsBounded) {
  const EventFields fields = {{"kind", "maintenance"}, {"code", "system-reboot"}};
  for (std::size_t i = 0; i < kMaxMaintenanceEvents; ++i) ASSERT_EQ(order(fields), "");
  EXPECT_EQ(order(fields), "there are 100 maintenance events already: clear them first");
}

TEST_F(EventOrderTest, ClearsOneKindOrAll) {
  ASSERT_EQ(order({{"kind", "spot"}, {"action", "stop"}}), "");
  ASSERT_EQ(order({{"kind", "rebalance"}}), "");
  ASSERT_EQ(order({{"kind", "asg"}, {"state", "Terminated"}}), "");
  ASSERT_EQ(order({{"kind", "instance-action"}, {"action", "shutdown"}}), "");
  ASSERT_EQ(order({{"kind", "clear"}, {"what", "spot"}}), "");
  EXPECT_FALSE(events_.spot);
  EXPECT_TRUE(events_.rebalance);
  EXPECT_EQ(events_.target_lifecycle_state, "Terminated");
  EXPECT_EQ(events_.instance_action, "shutdown");
  ASSERT_EQ(order({{"kind", "clear"}}), "");
  EXPECT_EQ(events_, InstanceEvents());
}

struct Mistake {
  std::string name;
  EventFields fields;
  std::string message;
};

class EventOrderMistake : public testing::TestWithParam<Mistake> {};

TEST_P(EventOrderMistake, IsRefusedWithItsField) {
  const auto parsed = parse_event_order(GetParam().fields);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().field + ": " + parsed.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, EventOrderMistake,
    testing::Values(
        Mistake{"NoKind",
                {},
                "kind: is required: spot, rebalance, maintenance, asg, "
                "instance-action or clear"},
        Mistake{"OtherKind",
                {{"kind", "sport"}},
                "kind: must be one of spot, rebalance, "
                "maintenance, asg, instance-action or clear (got `sport`)"},
        Mistake{"NoAction",
                {{"kind", "spot"}},
                "action: is required: `terminate`, `stop` or `hibernate`"},
        Mistake{"OtherAction",
                {{"kind", "spot"}, {"action", "Terminate"}},
                "action: must be `terminate`, `stop` or `hibernate` (got `Terminate`)"},
        Mistake{"BadDuration",
                {{"kind", "spot"}, {"action", "stop"}, {"in", "-2m"}},
                "in: `-2m` is not a duration such as 6h, 20s, 500ms or 1h30m"},
        Mistake{"LongDuration",
                {{"kind", "rebalance"}, {"in", "3651d"}},
                "in: may be 3650d at most (got `3651d`)"},
        Mistake{"OtherKindsField",
                {{"kind", "rebalance"}, {"action", "stop"}},
                "action: is no field of `rebalance`"},
        Mistake{"NearField",
                {{"kind", "maintenance"}, {"code", "system-reboot"}, {"stat", "x"}},
                "stat: is no field of `maintenance`, did you mean `state`?"},
        Mistake{"CodeOfANewOne",
                {{"kind", "maintenance"}, {"id", "a"}},
                "code: is required: `instance-reboot`, `instance-retirement`, `instance-stop`, "
                "`system-maintenance` or `system-reboot`"},
        Mistake{"LinesOfText",
                {{"kind", "maintenance"}, {"code", "system-reboot"}, {"description", "a\nb"}},
                "description: must be a line of 1 to 256 bytes of UTF-8"},
        Mistake{"OtherState",
                {{"kind", "asg"}, {"state", "Gone"}},
                "state: must be `Detached`, `InService`, `Standby`, `Terminated`, "
                "`Warmed:Hibernated`, `Warmed:Running`, `Warmed:Stopped` or `Warmed:Terminated` "
                "(got `Gone`)"},
        Mistake{"ClearsOther",
                {{"kind", "clear"}, {"what", "spots"}},
                "what: must be one of spot, rebalance, maintenance, asg, instance-action or "
                "scenario (got "
                "`spots`)"}),
    [](const auto& i) { return i.param.name; });

TEST(EventKind, NamesFindTheirKindsAndPaths) {
  for (const auto kind : {EventKind::spot, EventKind::rebalance, EventKind::maintenance,
                          EventKind::asg, EventKind::instance_action}) {
    EXPECT_EQ(find_event_kind(to_string(kind)), kind);
    EXPECT_FALSE(paths_of(kind).empty());
  }
  EXPECT_EQ(find_event_kind("clear"), std::nullopt);
}

}  // namespace
}  // namespace imdsd::imds
