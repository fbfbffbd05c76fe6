// SPDX-License-Identifier: MIT
#include "reach/up.h"

#include <gtest/gtest.h>

#include "reach/plan.h"
#include "tests/fakes/fake_machine.h"

namespace imdsd::reach {
namespace {

const Doors kDoors{
    {{base::IpAddress::from_v4({127, 0, 0, 1}), 1338}, {*base::IpAddress::parse("::1"), 1338}},
    {},
    {}};

std::vector<Step> steps_for(const Machine& machine, const Wish& wish,
                            const std::vector<Step>& made = {}) {
  return plan(machine, wish, *choose_ways(wish, kDoors), made);
}

const Tell kSilent = [](const Action&) {};

base::Result<void> bring_up(FakeMachine& fake, const Wish& wish) {
  return bring_up(fake, steps_for(fake.machine, wish, fake.record.steps), kSilent);
}

struct Case {
  std::string_view name;
  Wish wish;
  bool nft = true;
};
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Up : public testing::TestWithParam<Case> {
 protected:
  /// With a bridge as Docker makes it.
  Machine start() const {
    Machine machine = laptop();
    machine.interfaces.push_back({.name = "docker0", .up = true, .bridge = true});
    machine.has_nft = GetParam().nft;
    machine.has_iptables = true;
    machine.filter.nft = "table ip filter {\n\tchain FORWARD {\n\t}\n}\n";
    return machine;
  }
  const Wish& wish() const { return GetParam().wish; }
};

TEST_P(Up, GivesTheAddressesAndDownTakesAllBack) {
  FakeMachine fake(start());
  ASSERT_TRUE(bring_up(fake, wish()));
  EXPECT_TRUE(fake.machine.owner_of(imds_v4()));
  EXPECT_EQ(fake.machine.owner_of(imds_v6()) != nullptr, wish().ipv6);
  EXPECT_NE(fake.machine.filter, start().filter);
  ASSERT_TRUE(take_down(fake, kSilent));
  EXPECT_EQ(fake.machine, start());
  EXPECT_EQ(fake.record, Record{});
}

TEST_P(Up, TwiceIsOnce) {
  FakeMachine fake(start());
  ASSERT_TRUE(bring_up(fake, wish()));
  const auto once = fake.machine;
  const auto commands = fake.commands.size();
  ASSERT_TRUE(bring_up(fake, wish()));
  EXPECT_EQ(fake.machine, once);
  EXPECT_EQ(fake.commands.size(), commands) << fake.commands.back();
  ASSERT_TRUE(take_down(fake, kSilent));
  ASSERT_TRUE(take_down(fake, kSilent));
  EXPECT_EQ(fake.machine, start());
}

/// kill -9 at each operation, before and after its effect.
TEST_P(Up, KilledAnywhereCanBeUndoneAndRepeated) {
  FakeMachine whole(start());
  ASSERT_TRUE(bring_up(whole, wish()));
  for (const bool after : {false, true}) {
    for (int at = 0; at < whole.operations; ++at) {
      for (const bool again : {false, true}) {
        SCOPED_TRACE(std::to_string(at) + (after ? " after" : " before"));
        FakeMachine fake(start());
        (after ? fake.killed_after : fake.killed_before) = at;
        EXPECT_THROW((void)bring_up(fake, wish()), Killed);
        fake.forget_limits();
        if (again) {
          ASSERT_TRUE(bring_up(fake, wish()));
          EXPECT_EQ(fake.machine, whole.machine);
        }
        ASSERT_TRUE(take_down(fake, kSilent));
        EXPECT_EQ(fake.machine, start());
        EXPECT_EQ(fake.record, Record{});
      }
    }
  }
}

TEST_P(Up, DownKilledAnywhereCanBeRepeated) {
  FakeMachine up(start());
  ASSERT_TRUE(bring_up(up, wish()));
  FakeMachine whole = up;
  ASSERT_TRUE(take_down(whole, kSilent));
  for (const bool after : {false, true}) {
    for (int at = up.operations; at < whole.operations; ++at) {
      SCOPED_TRACE(std::to_string(at) + (after ? " after" : " before"));
      FakeMachine fake = up;
      (after ? fake.killed_after : fake.killed_before) = at;
      EXPECT_THROW((void)take_down(fake, kSilent), Killed);
      fake.forget_limits();
      ASSERT_TRUE(take_down(fake, kSilent));
      EXPECT_EQ(fake.machine, start());
    }
  }
}

TEST_P(Up, InterruptedOrFailedAnywhereTakesItselfBack) {
  FakeMachine whole(start());
  ASSERT_TRUE(bring_up(whole, wish()));
  for (int at = 0; at < whole.operations; ++at) {
    SCOPED_TRACE(at);
    FakeMachine interrupted(start());
    interrupted.interrupted_from = at + 1;
    const auto stopped = bring_up(interrupted, wish());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().message, "interrupted; what was done has been taken back");
    EXPECT_EQ(interrupted.machine, start());
    EXPECT_EQ(interrupted.record, Record{});

    FakeMachine failing(start());
    failing.fails_at = at;
    const auto failed = bring_up(failing, wish());
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "no luck; what was done has been taken back");
    EXPECT_EQ(failing.machine, start());
    EXPECT_EQ(failing.record, Record{});
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Up,
    testing::Values(Case{"Plain", {}}, Case{"Ipv6", {.ipv6 = true}},
                    Case{"Direct", {.port80 = Wish::Port80::direct}},
                    Case{"Dummy", {.ipv6 = true, .dummy = true}},
                    Case{"Bridge", {.bridge = "docker0"}}, Case{"Iptables", {.ipv6 = true}, false},
                    Case{"IptablesBridge", {.ipv6 = true, .bridge = "docker0"}, false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(BringUp, WithOtherWishesMovesThere) {
  FakeMachine fake;
  const auto start = fake.machine;
  ASSERT_TRUE(bring_up(fake, {.ipv6 = true, .dummy = true}));
  ASSERT_TRUE(bring_up(fake, {}));
  FakeMachine plain;
  ASSERT_TRUE(bring_up(plain, {}));
  EXPECT_EQ(fake.machine, plain.machine);
  EXPECT_EQ(fake.record, plain.record);
  ASSERT_TRUE(take_down(fake, kSilent));
  EXPECT_EQ(fake.machine, start);
}

TEST(BringUp, PutsBackWhatSomebodyElseTookAway) {
  FakeMachine fake;
  const auto start = fake.machine;
  ASSERT_TRUE(bring_up(fake, {}));
  const auto whole = fake.machine;
  fake.machine = start;
  ASSERT_TRUE(bring_up(fake, {}));
  EXPECT_EQ(fake.machine, whole);
  fake.machine = start;
  std::vector<Action::What> told;
  ASSERT_TRUE(take_down(fake, [&](const Action& action) { told.push_back(action.what); }));
  EXPECT_EQ(told, std::vector<Action::What>(2, Action::What::gone));
  EXPECT_EQ(fake.machine, start);
}

/// The record is gone, and what bears our name is not.
TEST(BringUp, TakesOverWhatBearsItsName) {
  for (const bool nft : {true, false}) {
    FakeMachine fake;
    fake.machine.has_nft = nft;
    fake.machine.has_iptables = true;
    const auto start = fake.machine;
    const Wish wish{.dummy = true};
    ASSERT_TRUE(bring_up(fake, wish));
    fake.record = {};
    auto wanted = steps_for(fake.machine, wish);
    std::erase_if(wanted, [](const Step& step) { return step.kind == Step::Kind::address; });
    ASSERT_TRUE(bring_up(fake, wanted, kSilent));
    ASSERT_TRUE(take_down(fake, kSilent));
    EXPECT_EQ(fake.machine, start);
  }
}

TEST(TakeDown, KeepsInTheRecordWhatFails) {
  FakeMachine fake;
  const auto start = fake.machine;
  ASSERT_TRUE(bring_up(fake, {}));
  fake.fails_at = fake.operations;
  const auto failed = take_down(fake, kSilent);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "no luck");
  ASSERT_EQ(fake.record.steps.size(), 1U);
  EXPECT_EQ(fake.record.steps[0].kind, Step::Kind::address);
  ASSERT_TRUE(take_down(fake, kSilent));
  EXPECT_EQ(fake.machine, start);
}

}  // namespace
}  // namespace imdsd::reach
