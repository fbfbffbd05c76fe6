// SPDX-License-Identifier: MIT
#include "sts_client/rotator.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/task_group.h"
#include "sts_client/rotation_policy.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_credential_source.h"

namespace imdsd::sts_client {
namespace {

using base::Errc;
using fakes::ManualClock;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

InstanceRole instance(std::string id, std::string role = "app-role") {
  return {
      id, "arn:aws:ec2:us-east-1:123456789012:instance/" + id, "123456789012", std::move(role), {}};
}

/// A rotator whose life is told by moving the clock.
class CredentialRotatorTest : public testing::Test {
 protected:
  CredentialRotator& make(std::chrono::seconds lifetime = hours(6)) {
    rotator_.emplace(clock_, source_, lifetime, [this](const RotationState& state) {
      std::lock_guard lock(mutex_);
      published_.push_back(state);
    });
    return *rotator_;
  }

  /// Starts the scheduler and waits until it sleeps.
  void start() {
    tasks_.spawn("rotator", [this](std::stop_token stop) { rotator_->run(std::move(stop)); });
    clock_.wait_for_sleeper();
  }

  /// Time passes in steps, each seen by the scheduler.
  void pass(std::chrono::microseconds time, std::chrono::microseconds step) {
    for (; time > std::chrono::microseconds(0); time -= step) {
      clock_.advance(std::min(step, time));
      clock_.wait_for_sleeper();
    }
  }

  /// Of credentials of six hours that were obtained at the start.
  static base::SystemTime first_renewal(std::string_view id) {
    return next_rotation(ManualClock::kStart, ManualClock::kStart + hours(6), rotation_jitter(id));
  }

  std::vector<RotationState> published() {
    std::lock_guard lock(mutex_);
    return published_;
  }

  RotationState state_of(const std::string& id) {
    for (auto& state : rotator_->states()) {
      if (state.instance.instance_id == id) return state;
    }
    ADD_FAILURE() << "no state of " << id;
    return {};
  }

  std::string key_of(const std::string& id) {
    const auto state = state_of(id);
    return state.sets ? state.sets->imdsv2->access_key_id : "none";
  }

  ManualClock clock_;
  fakes::ScriptedCredentialSource source_{clock_};
  std::mutex mutex_;
  std::vector<RotationState> published_;
  std::optional<CredentialRotator> rotator_;
  base::TaskGroup tasks_;  // ends before what its thread uses
};

TEST_F(CredentialRotatorTest, NewInstancesHaveCredentialsBeforeSetInstancesReturns) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1"), instance("i-2")});
  EXPECT_EQ(key_of("i-1"), "ASIA1v2");
  EXPECT_EQ(key_of("i-2"), "ASIA2v2");
  ASSERT_EQ(published().size(), 2U);
  EXPECT_EQ(published()[0].sets->imdsv1->access_key_id, "ASIA1v1");
  EXPECT_FALSE(published()[0].failure);
  EXPECT_EQ(published()[0].last_attempt, ManualClock::kStart);
}

TEST_F(CredentialRotatorTest, RotatesAtTheMarginAndNotBefore) {
  make().set_instances({instance("i-1")});
  const auto due = first_renewal("i-1") - ManualClock::kStart;
  EXPECT_EQ(state_of("i-1").next_attempt, ManualClock::kStart + due);
  start();
  pass(due - seconds(1), minutes(10));
  EXPECT_EQ(key_of("i-1"), "ASIA1v2");
  pass(seconds(1), seconds(1));
  EXPECT_EQ(key_of("i-1"), "ASIA2v2");
  EXPECT_EQ(state_of("i-1").sets->expiration(),
            std::chrono::floor<seconds>(ManualClock::kStart + due + hours(6)));
}

TEST_F(CredentialRotatorTest, JitterSpreadsInstancesThatBeganTogether) {
  auto first = first_renewal("i-1"), second = first_renewal("i-2");
  const bool in_order = first < second;
  ASSERT_GT(in_order ? second - first : first - second, seconds(20));
  make().set_instances({instance("i-1"), instance("i-2")});
  start();
  pass(std::min(first, second) - ManualClock::kStart + seconds(1), minutes(10));
  EXPECT_EQ(key_of("i-1"), in_order ? "ASIA3v2" : "ASIA1v2");
  EXPECT_EQ(key_of("i-2"), in_order ? "ASIA2v2" : "ASIA3v2");
  pass(hours(1), seconds(10));
  EXPECT_EQ(key_of(in_order ? "i-2" : "i-1"), "ASIA4v2");
}

TEST_F(CredentialRotatorTest, OfManyFailuresSomeAreRetriedAtOnceAndTheOthersRightAfter) {
  constexpr std::size_t kInstances = 200;
  source_.fail_with(Errc::access_denied);
  std::vector<InstanceRole> many;
  for (std::size_t i = 0; i < kInstances; ++i) many.push_back(instance("i-" + std::to_string(i)));
  make().set_instances(std::move(many));
  const auto without = [&] {
    const auto states = rotator_->states();
    return std::count_if(states.begin(), states.end(), [](const auto& s) { return !s.sets; });
  };
  EXPECT_EQ(without(), 200);
  source_.recover();
  rotator_->retry_failed();
  EXPECT_EQ(without(), 136);
  start();
  EXPECT_EQ(without(), 0) << "no time has passed";
  const auto calls = source_.calls().size();
  rotator_->retry_failed();
  EXPECT_EQ(source_.calls().size(), calls) << "nobody's last attempt failed";
}

TEST_F(CredentialRotatorTest, WhereNoneFailedTheSchedulerSleepsOn) {
  make().set_instances({instance("i-1")});
  start();
  const auto deadline = clock_.next_deadline();
  clock_.advance(seconds(1));  // a sleep that begins now ends later
  rotator_->retry_failed();
  clock_.wait_for_sleeper();
  EXPECT_EQ(clock_.next_deadline(), deadline);
}

TEST_F(CredentialRotatorTest, FailureKeepsTheOldSetBeyondItsExpiryAndRecovers) {
  make().set_instances({instance("i-1")});
  start();
  source_.fail_with(Errc::unavailable);
  pass(first_renewal("i-1") - ManualClock::kStart, hours(1));
  auto state = state_of("i-1");
  ASSERT_TRUE(state.failure);
  EXPECT_EQ(state.failure->code, Errc::unavailable);
  EXPECT_EQ(state.sets->imdsv2->access_key_id, "ASIA1v2");
  EXPECT_EQ(state.next_attempt, clock_.now() + milliseconds(500));

  pass(hours(2), seconds(30));
  EXPECT_EQ(key_of("i-1"), "ASIA1v2") << "kept, so that what it was can be told";
  EXPECT_LE(state_of("i-1").next_attempt, clock_.now() + seconds(30));

  source_.recover();
  pass(seconds(30), seconds(30));
  EXPECT_EQ(key_of("i-1"), "ASIA2v2");
  EXPECT_FALSE(state_of("i-1").failure);
}

TEST_F(CredentialRotatorTest, RetriesDoubleAndBeginAnewAfterASuccess) {
  source_.fail_with(Errc::unavailable);
  make().set_instances({instance("i-1")});
  start();
  std::vector<std::chrono::microseconds> waits;
  for (int i = 0; i < 8; ++i) {
    const auto next = state_of("i-1").next_attempt;
    waits.push_back(next - clock_.now());
    pass(waits.back(), waits.back());
  }
  const std::vector<std::chrono::microseconds> expected{milliseconds(500), seconds(1), seconds(2),
                                                        seconds(4),        seconds(8), seconds(16),
                                                        seconds(30),       seconds(30)};
  EXPECT_EQ(waits, expected);
  source_.recover();
  pass(seconds(30), seconds(30));
  EXPECT_EQ(key_of("i-1"), "ASIA1v2");
  source_.fail_with(Errc::unavailable);
  EXPECT_FALSE(rotator_->rotate_now());
  EXPECT_EQ(state_of("i-1").next_attempt, clock_.now() + milliseconds(500));
}

TEST_F(CredentialRotatorTest, TrustPolicyWithoutEc2GivesNoCredentialsButTheReason) {
  source_.fail_with(Errc::access_denied);
  make().set_instances({instance("i-1")});
  ASSERT_EQ(published().size(), 1U);
  EXPECT_FALSE(published()[0].sets);
  EXPECT_EQ(published()[0].failure->code, Errc::access_denied);
  start();
  source_.recover();
  pass(milliseconds(500), milliseconds(500));
  EXPECT_EQ(key_of("i-1"), "ASIA1v2");
}

TEST_F(CredentialRotatorTest, ChangedRoleIsFetchedAtOnceAndTheOldSetForgotten) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1"), instance("i-2")});
  rotator.set_instances({instance("i-1", "other-role"), instance("i-2")});
  EXPECT_EQ(key_of("i-1"), "ASIA3v2");
  EXPECT_EQ(key_of("i-2"), "ASIA2v2") << "unchanged, so kept";
  EXPECT_EQ(source_.calls().back().role_name, "other-role");

  source_.fail_with(Errc::access_denied);
  rotator.set_instances({instance("i-1", "third-role"), instance("i-2")});
  EXPECT_EQ(key_of("i-1"), "none") << "credentials of a role it no longer has";
}

TEST_F(CredentialRotatorTest, MissingInstancesAreForgotten) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1"), instance("i-2")});
  rotator.set_instances({instance("i-2")});
  ASSERT_EQ(rotator.states().size(), 1U);
  start();
  pass(hours(24), minutes(30));
  for (std::size_t i = 2; i < source_.calls().size(); ++i) {
    EXPECT_EQ(source_.calls()[i].instance_id, "i-2");
  }
  EXPECT_GE(source_.calls().size(), 5U);
}

TEST_F(CredentialRotatorTest, RotateNowRenewsAllOrOne) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1"), instance("i-2")});
  EXPECT_TRUE(rotator.rotate_now());
  EXPECT_EQ(key_of("i-1"), "ASIA3v2");
  EXPECT_EQ(key_of("i-2"), "ASIA4v2");
  EXPECT_TRUE(rotator.rotate_now("i-2"));
  EXPECT_EQ(key_of("i-1"), "ASIA3v2");
  EXPECT_EQ(key_of("i-2"), "ASIA5v2");
}

TEST_F(CredentialRotatorTest, RotateNowTellsWhatWentWrong) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1")});
  EXPECT_EQ(rotator.rotate_now("i-9").error().code, Errc::not_found);
  source_.fail_with(Errc::access_denied);
  EXPECT_EQ(rotator.rotate_now("i-1").error().code, Errc::access_denied);
  EXPECT_EQ(rotator.rotate_now().error().code, Errc::access_denied);
  EXPECT_EQ(key_of("i-1"), "ASIA1v2");
}

TEST_F(CredentialRotatorTest, RotateNowNamesThoseThatFailed) {
  auto& rotator = make();
  rotator.set_instances(
      {instance("i-1"), instance("i-2"), instance("i-3"), instance("i-4"), instance("i-5")});
  source_.fail_with(Errc::access_denied);
  EXPECT_TRUE(rotator.rotate_now().error().message.starts_with(
      "no new credentials for i-1, i-2, i-3 and 2 more: "))
      << rotator.rotate_now().error().message;
  EXPECT_FALSE(rotator.rotate_now("i-1").error().message.starts_with("no new credentials for"));
}

TEST_F(CredentialRotatorTest, ManyAreRenewedBehindRequests) {
  const auto nice = [] { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); };
  std::vector<int> seen;
  CredentialRotator rotator(clock_, source_, seconds(3600),
                            [&](const RotationState&) { seen.push_back(nice()); });
  std::vector<InstanceRole> many;
  for (int i = 0; i < 20; ++i) many.push_back(instance("i-" + std::to_string(i)));
  rotator.set_instances(many);
  ASSERT_EQ(seen, std::vector<int>(20, nice()));
  seen.clear();
  EXPECT_TRUE(rotator.rotate_now("i-3"));
  EXPECT_EQ(seen, std::vector<int>(1, nice()));  // somebody waits for it
  seen.clear();
  EXPECT_TRUE(rotator.rotate_now());
  EXPECT_EQ(seen, std::vector<int>(20, std::min(nice() + 5, 19)));
}

TEST_F(CredentialRotatorTest, RotateNowWithoutInstancesIsFine) {
  EXPECT_TRUE(make().rotate_now());
}

TEST_F(CredentialRotatorTest, ASleepingSchedulerLearnsOfNewInstances) {
  make(minutes(1));
  start();
  rotator_->set_instances({instance("i-1")});
  clock_.wait_for_sleeper();
  EXPECT_EQ(clock_.next_deadline(), clock_.monotonic() + seconds(30))
      << "looks at the wall clock at least this often";
  pass(seconds(40), seconds(10));
  EXPECT_EQ(key_of("i-1"), "ASIA2v2");
}

TEST_F(CredentialRotatorTest, AWallClockThatJumpsAheadIsNoticed) {
  make().set_instances({instance("i-1")});
  start();
  clock_.set(ManualClock::kStart + hours(8));  // as after a suspend: the sleep went on unaware
  pass(seconds(30), seconds(30));
  EXPECT_EQ(key_of("i-1"), "ASIA2v2");
}

TEST_F(CredentialRotatorTest, NewLifetimeAppliesToTheNextCredentials) {
  auto& rotator = make();
  rotator.set_instances({instance("i-1")});
  rotator.set_lifetime(seconds(20));
  EXPECT_EQ(state_of("i-1").sets->expiration(), ManualClock::kStart + hours(6));
  EXPECT_TRUE(rotator.rotate_now());
  EXPECT_EQ(state_of("i-1").sets->expiration(), ManualClock::kStart + seconds(20));
}

TEST_F(CredentialRotatorTest, LifetimesOfSecondsAreNeverServedExpired) {
  make(seconds(5)).set_instances({instance("i-1")});
  start();
  for (int i = 0; i < 600; ++i) {
    pass(milliseconds(100), milliseconds(100));
    ASSERT_GT(state_of("i-1").sets->expiration(), clock_.now()) << i;
  }
  EXPECT_GE(source_.calls().size(), 60U / 4);
  EXPECT_LE(source_.calls().size(), 60U / 2);
}

TEST_F(CredentialRotatorTest, CredentialsThatAreBornExpiredDoNotMakeItSpin) {
  make(seconds(0)).set_instances({instance("i-1")});
  EXPECT_GE(state_of("i-1").next_attempt, clock_.now() + milliseconds(100));
}

TEST_F(CredentialRotatorTest, StopEndsASleepingScheduler) {
  make().set_instances({instance("i-1")});
  start();
  tasks_.stop();
  tasks_.join();
  EXPECT_EQ(clock_.sleepers(), 0U);
}

TEST_F(CredentialRotatorTest, TheSinkMayReadStates) {
  std::size_t seen = 0;
  CredentialRotator rotator(clock_, source_, hours(6),
                            [&](const RotationState&) { seen = rotator.states().size(); });
  rotator.set_instances({instance("i-1"), instance("i-2")});
  EXPECT_EQ(seen, 2U);
}

TEST_F(CredentialRotatorTest, SourceAndSinkAreUsedByOneThreadAtATime) {
  make(seconds(5)).set_instances({instance("i-1"), instance("i-2")});
  tasks_.spawn("rotator", [this](std::stop_token stop) { rotator_->run(std::move(stop)); });
  std::vector<std::jthread> callers;
  for (int t = 0; t < 3; ++t) {
    callers.emplace_back([this, t] {
      for (int i = 0; i < 50; ++i) {
        if (t == 0) rotator_->set_instances({instance("i-1"), instance("i-" + std::to_string(i))});
        if (t == 1) {
          EXPECT_TRUE(rotator_->rotate_now());
        }
        if (t == 2) clock_.advance(seconds(1));
      }
    });
  }
  callers.clear();
  EXPECT_FALSE(source_.overlapped());
  // What was published last of an instance is what states() tells.
  std::map<std::string, std::string> last;
  tasks_.stop();
  tasks_.join();
  for (const auto& state : published()) {
    last[state.instance.instance_id] = state.sets->imdsv2->access_key_id;
  }
  for (const auto& state : rotator_->states()) {
    EXPECT_EQ(last[state.instance.instance_id], state.sets->imdsv2->access_key_id);
  }
}

TEST_F(CredentialRotatorTest, TenThousandInstancesRotateOnOneThread) {
  constexpr std::size_t kInstances = 10'000;
  std::vector<InstanceRole> many;
  for (std::size_t i = 0; i < kInstances; ++i) many.push_back(instance("i-" + std::to_string(i)));
  make().set_instances(std::move(many));
  start();
  pass(hours(4) + minutes(45), minutes(15));
  EXPECT_EQ(source_.calls().size(), kInstances);
  pass(seconds(450), seconds(30));  // half of the jitter's quarter of an hour
  EXPECT_NEAR(static_cast<double>(source_.calls().size()), 15'000.0, 500.0);
  pass(seconds(450), seconds(30));
  EXPECT_EQ(source_.calls().size(), 2 * kInstances);
}

}  // namespace
}  // namespace imdsd::sts_client
