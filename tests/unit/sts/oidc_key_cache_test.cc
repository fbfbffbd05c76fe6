// SPDX-License-Identifier: MIT
#include "sts/oidc_key_cache.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "base/task_group.h"
#include "tests/fakes/manual_clock.h"
#include "tests/support/oidc_issuer.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using std::chrono::minutes;
using std::chrono::seconds;
using support::OidcIssuer;

constexpr const char* kIssuer = "https://issuer.example";

/// An issuer that publishes what the test says, and can be made to take its time.
class ScriptedFetcher final : public OidcFetcher {
 public:
  base::Result<JsonWebKeySet> fetch(const std::string& issuer,
                                    const std::vector<std::string>&) override {
    std::unique_lock lock(mutex_);
    ++fetches_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return !held_; });
    if (throws) throw std::bad_alloc();
    if (failure) return tl::unexpected(*failure);
    return JsonWebKeySet::parse(published.at(issuer));
  }

  void hold() {
    std::lock_guard lock(mutex_);
    held_ = true;
  }
  void release() {
    std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }
  void wait_for_fetches(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return fetches_ >= count; });
  }
  [[nodiscard]] int fetches() const {
    std::lock_guard lock(mutex_);
    return fetches_;
  }

  std::map<std::string, std::string> published;
  std::optional<base::Error> failure;
  bool throws = false;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int fetches_ = 0;
  bool held_ = false;
};

class OidcKeyCacheTest : public testing::Test {
 protected:
  OidcKeyCacheTest() { fetcher_.published[kIssuer] = first_.jwks(); }

  base::Result<std::shared_ptr<const JsonWebKeySet>> find(const std::string& key_id = "key-1",
                                                          const std::string& issuer = kIssuer) {
    return cache_.find({issuer, key_id, {}});
  }
  std::string code(const std::string& key_id = "key-1", const std::string& issuer = kIssuer) {
    const auto keys = find(key_id, issuer);
    if (keys) return (*keys)->has(key_id) ? "has it" : "has it not";
    return keys.error().code == Errc::not_found     ? "not found"
           : keys.error().code == Errc::unavailable ? "unavailable"
                                                    : "other";
  }

  const OidcIssuer first_{"ES256", "key-1"};
  const OidcIssuer second_{"ES256", "key-2"};
  fakes::ManualClock clock_;
  ScriptedFetcher fetcher_;
  OidcKeyCache cache_{clock_, fetcher_, {.given = {}, .listed = {kIssuer}, .max_waiting = 2}};
};

TEST_F(OidcKeyCacheTest, FetchesOnceAnHour) {
  EXPECT_EQ(code(), "has it");
  EXPECT_EQ(code(), "has it");
  EXPECT_EQ(fetcher_.fetches(), 1);
  clock_.advance(minutes(60) - seconds(1));
  EXPECT_EQ(code(), "has it");
  EXPECT_EQ(fetcher_.fetches(), 1);
  clock_.advance(seconds(1));
  EXPECT_EQ(code(), "has it");
  EXPECT_EQ(fetcher_.fetches(), 2);
}

TEST_F(OidcKeyCacheTest, LooksAgainForAnUnknownKey) {
  EXPECT_EQ(code(), "has it");
  fetcher_.published[kIssuer] = second_.jwks();
  EXPECT_EQ(code("key-2"), "has it") << "rotated a moment after the first fetch";
  EXPECT_EQ(fetcher_.fetches(), 2);
  EXPECT_EQ(code("key-1"), "has it not") << "the issuer has withdrawn it";
  EXPECT_EQ(fetcher_.fetches(), 3);
}

TEST_F(OidcKeyCacheTest, AnUnknownKeyIsAskedForOnceIn30Seconds) {
  EXPECT_EQ(code("forged-1"), "has it not");
  EXPECT_EQ(code("forged-2"), "has it not");
  EXPECT_EQ(code("forged-3"), "has it not");
  EXPECT_EQ(fetcher_.fetches(), 1);
  EXPECT_EQ(code("key-1"), "has it") << "others are not disturbed";
  clock_.advance(seconds(30));
  EXPECT_EQ(code("forged-4"), "has it not");
  EXPECT_EQ(fetcher_.fetches(), 2);
}

TEST_F(OidcKeyCacheTest, AFailureIsKeptFor30Seconds) {
  fetcher_.failure = base::Error{Errc::unavailable, "no route"};
  EXPECT_EQ(code(), "unavailable");
  fetcher_.failure.reset();
  clock_.advance(seconds(30) - std::chrono::microseconds(1));
  EXPECT_EQ(code(), "unavailable");
  EXPECT_EQ(fetcher_.fetches(), 1);
  clock_.advance(std::chrono::microseconds(1));
  EXPECT_EQ(code(), "has it");
  EXPECT_EQ(fetcher_.fetches(), 2);
}

TEST_F(OidcKeyCacheTest, AFailureTakesNoKeyAway) {
  EXPECT_EQ(code(), "has it");
  fetcher_.failure = base::Error{Errc::unavailable, "no route"};
  EXPECT_EQ(code("key-2"), "unavailable");
  EXPECT_EQ(code("key-1"), "has it");
  clock_.advance(minutes(60));
  EXPECT_EQ(code("key-1"), "unavailable") << "but an hour does";
}

TEST_F(OidcKeyCacheTest, OtherIssuersAreNotAsked) {
  const auto keys = find("key-1", "https://other.example");
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().code, Errc::not_found);
  EXPECT_NE(keys.error().message.find("sts.oidc_fetch"), std::string::npos);
  EXPECT_EQ(code("key-1", "https://issuer.example/"), "not found") << "another issuer";
  EXPECT_EQ(fetcher_.fetches(), 0);
}

TEST_F(OidcKeyCacheTest, GivenKeysAreNotFetched) {
  auto given = std::make_shared<const JsonWebKeySet>(JsonWebKeySet::parse(first_.jwks()).value());
  OidcKeyCache cache(clock_, fetcher_,
                     {.given = {{kIssuer, given}}, .listed = {kIssuer}, .max_waiting = 2});
  EXPECT_EQ(cache.find({kIssuer, "key-1", {}}).value(), given);
  EXPECT_EQ(cache.find({kIssuer, "unknown", {}}).value(), given);
  EXPECT_EQ(fetcher_.fetches(), 0);
}

/// What one account's provider believes by a thumbprint is nothing for another's.
TEST_F(OidcKeyCacheTest, ThumbprintsHaveKeysOfTheirOwn) {
  ASSERT_TRUE(cache_.find({kIssuer, "key-1", {"aa", "bb"}}));
  ASSERT_TRUE(cache_.find({kIssuer, "key-1", {"bb", "aa"}}));
  EXPECT_EQ(fetcher_.fetches(), 1);
  ASSERT_TRUE(cache_.find({kIssuer, "key-1", {}}));
  EXPECT_EQ(fetcher_.fetches(), 2);
}

TEST_F(OidcKeyCacheTest, OneFetchServesAllWhoWait) {
  fetcher_.hold();
  std::string one, two;
  base::TaskGroup tasks;
  tasks.spawn("one", [&](const std::stop_token&) { one = code(); });
  fetcher_.wait_for_fetches(1);
  // It waits, or comes when all is over: it fetches nothing either way.
  tasks.spawn("two", [&](const std::stop_token&) { two = code(); });
  fetcher_.release();
  tasks.join();
  EXPECT_EQ(one, "has it");
  EXPECT_EQ(two, "has it");
  EXPECT_EQ(fetcher_.fetches(), 1);
}

TEST_F(OidcKeyCacheTest, NotEverybodyMayWait) {
  OidcKeyCache cache(clock_, fetcher_, {.given = {}, .listed = {kIssuer}, .max_waiting = 1});
  fetcher_.hold();
  bool found = false;
  base::TaskGroup tasks;
  tasks.spawn("one", [&](const std::stop_token&) {
    found = cache.find({kIssuer, "key-1", {}}).has_value();
  });
  fetcher_.wait_for_fetches(1);
  const auto turned_away = cache.find({kIssuer, "key-1", {}});
  ASSERT_FALSE(turned_away);
  EXPECT_EQ(turned_away.error().code, Errc::unavailable);
  EXPECT_NE(turned_away.error().message.find("too many"), std::string::npos);
  fetcher_.release();
  tasks.join();
  EXPECT_TRUE(found);
  EXPECT_TRUE(cache.find({kIssuer, "key-1", {}})) << "that was no failure of the issuer";
}

TEST_F(OidcKeyCacheTest, AFetchThatThrowsIsOver) {
  // With room for one alone, a fetch that is still counted turns the next away.
  OidcKeyCache cache(clock_, fetcher_, {.given = {}, .listed = {kIssuer}, .max_waiting = 1});
  fetcher_.throws = true;
  EXPECT_THROW((void)cache.find({kIssuer, "key-1", {}}), std::bad_alloc);
  fetcher_.throws = false;
  EXPECT_TRUE(cache.find({kIssuer, "key-1", {}}));
}

TEST_F(OidcKeyCacheTest, KeepsNoMoreThanItsEntries) {
  for (std::size_t i = 0; i < OidcKeyCache::kMaxEntries + 10; ++i) {
    ASSERT_TRUE(cache_.find({kIssuer, "key-1", {std::to_string(i)}}));
    clock_.advance(std::chrono::microseconds(1));
  }
  const int before = fetcher_.fetches();
  ASSERT_TRUE(cache_.find({kIssuer, "key-1", {std::to_string(OidcKeyCache::kMaxEntries + 9)}}));
  EXPECT_EQ(fetcher_.fetches(), before) << "the newest is still there";
  ASSERT_TRUE(cache_.find({kIssuer, "key-1", {"0"}}));
  EXPECT_EQ(fetcher_.fetches(), before + 1) << "the oldest is not";
}

}  // namespace
}  // namespace imdsd::sts
