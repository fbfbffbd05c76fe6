// SPDX-License-Identifier: MIT
#include "imds/fault.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fakes/http_request_builder.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::imds {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class FaultTest : public testing::Test {
 protected:
  std::shared_ptr<const Fault> fault(FaultFields fields) {
    return std::make_shared<const Fault>(std::to_string(++made_), "",
                                         FaultRule::parse(std::move(fields)).value(),
                                         clock_.monotonic(), random_);
  }
  bool strikes(const std::shared_ptr<const Fault>& fault) {
    return fault->strikes(clock_.monotonic());
  }
  /// "x" for each struck request of `count`, "." for the others.
  std::string pattern(const std::shared_ptr<const Fault>& fault, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += strikes(fault) ? 'x' : '.';
    return out;
  }

  int made_ = 0;
  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_;
};

TEST_F(FaultTest, CountStrikesSoManyAndIsOver) {
  const auto twice = fault({{"status", "503"}, {"count", "2"}});
  EXPECT_EQ(pattern(twice, 4), "xx..");
  EXPECT_EQ(twice->hits(), 2U);
  EXPECT_TRUE(twice->is_over(clock_.monotonic()));
}

TEST_F(FaultTest, CountIsExactUnderContention) {
  constexpr int kThreads = 8, kEach = 2000;
  const auto some = fault({{"status", "503"}, {"count", "777"}});
  std::atomic<int> struck = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kEach; ++n) struck += strikes(some) ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(struck, 777);
  EXPECT_EQ(some->hits(), 777U);
}

TEST_F(FaultTest, SkipLetsTheFirstOnesPass) {
  EXPECT_EQ(pattern(fault({{"status", "503"}, {"skip", "2"}, {"count", "1"}}), 5), "..x..");
}

TEST_F(FaultTest, DurationEnds) {
  const auto short_one = fault({{"status", "503"}, {"for", "10s"}});
  EXPECT_TRUE(strikes(short_one));
  clock_.advance(milliseconds(9'999));
  EXPECT_TRUE(strikes(short_one));
  EXPECT_EQ(short_one->time_left(clock_.monotonic()), milliseconds(1));
  clock_.advance(milliseconds(1));
  EXPECT_FALSE(strikes(short_one));
  EXPECT_EQ(short_one->time_left(clock_.monotonic()), milliseconds(0));
  EXPECT_EQ(fault({{"reset", "true"}})->time_left(clock_.monotonic()), std::nullopt);
}

TEST_F(FaultTest, CyclesComeAndGo) {
  const auto flapping = fault({{"status", "503"}, {"cycle", "2s/5s"}});
  std::string out;
  for (int second = 0; second < 10; ++second) {
    out += strikes(flapping) ? 'x' : '.';
    clock_.advance(seconds(1));
  }
  EXPECT_EQ(out, "xx...xx...");
}

TEST_F(FaultTest, RateStrikesWhatIsBeyondTheBucket) {
  const auto throttled = fault({{"rate", "2/s"}, {"burst", "3"}});
  EXPECT_EQ(pattern(throttled, 5), "...xx");
  clock_.advance(milliseconds(500));  // one token
  EXPECT_EQ(pattern(throttled, 2), ".x");
  clock_.advance(seconds(60));  // full again, and no fuller
  EXPECT_EQ(pattern(throttled, 5), "...xx");
}

TEST_F(FaultTest, ProbabilityDraws) {
  const auto some = fault({{"status", "503"}, {"probability", "0.25"}});
  random_.script_uniform01(0.2499);
  EXPECT_TRUE(strikes(some));
  random_.script_uniform01(0.25);
  EXPECT_FALSE(strikes(some));
}

TEST_F(FaultTest, ASeedGivesTheSameDrawsAndTheRightShare) {
  const FaultFields fields = {{"status", "503"}, {"probability", "0.1"}, {"seed", "42"}};
  const auto first = pattern(fault(fields), 10'000);
  EXPECT_EQ(pattern(fault(fields), 10'000), first);
  const auto share = std::count(first.begin(), first.end(), 'x');
  EXPECT_NEAR(static_cast<double>(share), 1000, 100);
  EXPECT_NE(pattern(fault({{"status", "503"}, {"probability", "0.1"}, {"seed", "43"}}), 10'000),
            first);
}

class FaultSetTest : public FaultTest {
 protected:
  FaultVerdict consult(const FaultSet& set, std::string_view path = "meta-data/mac") {
    return set.consult(FaultDoor::imds, path, fakes::HttpRequestBuilder("GET", "/").build(),
                       clock_.monotonic());
  }
};

TEST_F(FaultSetTest, DelaysAddUpAndTheFirstToDecideDoes) {
  const auto first = fault({{"status", "503"}, {"latency", "1s"}, {"count", "1"}});
  const auto second = fault({{"status", "500"}, {"latency", "10s"}});
  const FaultSet set({fault({{"latency", "100ms"}}), first, second, fault({{"latency", "5ms"}})});
  auto verdict = consult(set);
  EXPECT_EQ(verdict.decisive, first.get());
  EXPECT_EQ(verdict.delay, milliseconds(1105)) << "not that of a rule that did not strike";
  EXPECT_EQ(second->hits(), 0U);
  verdict = consult(set);
  EXPECT_EQ(verdict.decisive, second.get()) << "the first one is over";
  EXPECT_EQ(verdict.delay, milliseconds(10'105));
}

TEST_F(FaultSetTest, DelaysStayBounded) {
  FaultSet::Faults slow;
  for (int i = 0; i < 3; ++i) slow.push_back(fault({{"latency", "4m"}}));
  EXPECT_EQ(consult(FaultSet(slow)).delay, kMaxFaultDelay);
}

TEST_F(FaultSetTest, OtherPathsAreLeftAlone) {
  const FaultSet set({fault({{"path", "iam/*"}, {"status", "503"}})});
  EXPECT_EQ(consult(set).decisive, nullptr);
  EXPECT_NE(consult(set, "meta-data/iam/info").decisive, nullptr);
}

}  // namespace
}  // namespace imdsd::imds
