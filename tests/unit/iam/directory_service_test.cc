// SPDX-License-Identifier: MIT
#include "iam/directory_service.h"

#include <atomic>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"
#include "tests/fakes/scripted_random.h"

namespace imdsd::iam {
namespace {

constexpr std::string_view kAccount = "123456789012";

Group group_named(std::string name, Transaction& transaction) {
  Group group;
  group.account = kAccount;
  group.name = std::move(name);
  group.unique_id = transaction.new_unique_id(aws::IdPrefix::AGPA, kAccount);
  return group;
}

class DirectoryServiceTest : public testing::Test {
 protected:
  base::Result<void> add(const std::string& name) {
    return service_.write([&](Transaction& transaction) {
      if (transaction.directory().find<Group>(kAccount, name)) return false;
      transaction.put(group_named(name, transaction));
      return true;
    });
  }

  bool has(const std::string& name) {
    return service_.snapshot()->find<Group>(kAccount, name) != nullptr;
  }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_{1};
  fakes::MemoryStore store_;
  DirectoryService service_{store_, clock_, random_, std::make_shared<const Directory>()};
};

TEST_F(DirectoryServiceTest, PublishesWhatTheStoreHas) {
  std::size_t told = 0;
  service_.set_observer([&](const std::shared_ptr<const Directory>& newest) {
    ++told;
    EXPECT_EQ(newest, service_.snapshot());
  });
  ASSERT_TRUE(add("one"));
  EXPECT_TRUE(has("one"));
  EXPECT_EQ(store_.commits, 1U);
  EXPECT_EQ(told, 1U);
  EXPECT_EQ(store_.load().value().entities.size(), 1U);
}

TEST_F(DirectoryServiceTest, AChangeThatIsTakenBackChangesNothing) {
  ASSERT_TRUE(add("one"));
  const auto before = service_.snapshot();
  ASSERT_TRUE(service_.write([](Transaction& transaction) {
    transaction.put(group_named("two", transaction));
    return false;
  }));
  ASSERT_TRUE(service_.write([](Transaction&) { return true; }));
  EXPECT_EQ(service_.snapshot(), before);
  EXPECT_EQ(store_.commits, 1U);
}

TEST_F(DirectoryServiceTest, WhatTheStoreRefusesDidNotHappen) {
  store_.fail_next = true;
  EXPECT_FALSE(add("one"));
  EXPECT_FALSE(has("one"));
  EXPECT_TRUE(add("one"));
  EXPECT_TRUE(has("one"));
}

// Each sees what all before it did, whether it goes to the store with them or after them.
TEST_F(DirectoryServiceTest, WritersOfManyThreadsTakeTurns) {
  constexpr int kThreads = 8;
  constexpr int kGroups = 100;
  std::vector<int> made(kThreads, 0);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < kGroups; ++i) {
          const std::string name = "group-" + std::to_string(i);
          const auto written = service_.write([&](Transaction& transaction) {
            if (transaction.directory().find<Group>(kAccount, name)) return false;
            transaction.put(group_named(name, transaction));
            ++made[static_cast<std::size_t>(thread)];
            return true;
          });
          EXPECT_TRUE(written);
          EXPECT_TRUE(has(name));
        }
      });
    }
  }
  int all = 0;
  for (const int count : made) all += count;
  EXPECT_EQ(all, kGroups) << "each was made once";
  EXPECT_LE(store_.commits, static_cast<std::size_t>(kGroups));
  EXPECT_EQ(store_.load().value().entities.size(), static_cast<std::size_t>(kGroups));
}

/// Its first commit takes until kWriters wait for it.
class BusyStore final : public Store {
 public:
  static constexpr std::size_t kWriters = 5;

  const DirectoryService* service = nullptr;
  bool fail_second = false;
  std::atomic<std::size_t> commits = 0;

  base::Result<Content> load() override { return kept_.load(); }
  base::Result<void> commit(std::span<const Change> changes) override {
    if (++commits == 1) {
      while (service->waiting() < kWriters) std::this_thread::yield();
    }
    kept_.fail_next = commits == 2 && fail_second;
    return kept_.commit(changes);
  }
  base::Result<void> commit_usage(std::span<const Usage> usage) override {
    return kept_.commit_usage(usage);
  }
  base::Result<std::optional<std::string>> meta(std::string_view key) override {
    return kept_.meta(key);
  }
  base::Result<void> set_meta(std::string_view key, std::string_view value) override {
    return kept_.set_meta(key, value);
  }

 private:
  fakes::MemoryStore kept_;
};

class DirectoryServiceBatch : public testing::Test {
 protected:
  DirectoryServiceBatch() {
    store_.service = &service_;
    service_.set_observer([this](const auto&) { ++told_; });
  }

  bool add(const std::string& name) {
    return service_
        .write([&](Transaction& transaction) {
          transaction.put(group_named(name, transaction));
          return true;
        })
        .has_value();
  }

  /// One writer that is at the disk, and those that wait for it. How many of these succeeded.
  std::size_t write_while_busy() {
    std::atomic<std::size_t> written = 0;
    std::vector<std::jthread> threads;
    threads.emplace_back([this] { EXPECT_TRUE(add("first")); });
    while (store_.commits == 0) std::this_thread::yield();
    for (std::size_t i = 0; i < BusyStore::kWriters; ++i) {
      threads.emplace_back([&, i] { written += add("group-" + std::to_string(i)) ? 1 : 0; });
    }
    threads.clear();
    return written;
  }

  fakes::ManualClock clock_;
  fakes::ScriptedRandom random_{1};
  BusyStore store_;
  DirectoryService service_{store_, clock_, random_, std::make_shared<const Directory>()};
  std::size_t told_ = 0;
};

TEST_F(DirectoryServiceBatch, ThoseWhoWaitAreOneCommit) {
  EXPECT_EQ(write_while_busy(), BusyStore::kWriters);
  EXPECT_EQ(store_.commits, 2U);
  EXPECT_EQ(told_, 2U);
  EXPECT_EQ(service_.waiting(), 0U);
  EXPECT_EQ(store_.load().value().entities.size(), 1 + BusyStore::kWriters);
}

TEST_F(DirectoryServiceBatch, ACommitThatFailsFailsForEachOfThem) {
  store_.fail_second = true;
  EXPECT_EQ(write_while_busy(), 0U);
  EXPECT_EQ(store_.commits, 2U);
  EXPECT_EQ(told_, 1U);
  EXPECT_EQ(store_.load().value().entities.size(), 1U);
  EXPECT_FALSE(service_.snapshot()->find<Group>(kAccount, "group-0"));
  EXPECT_TRUE(add("group-0")) << "the next one starts anew";
  EXPECT_EQ(store_.load().value().entities.size(), 2U);
}

}  // namespace
}  // namespace imdsd::iam
