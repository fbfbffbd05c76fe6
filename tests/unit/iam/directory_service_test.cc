// SPDX-License-Identifier: MIT
#include "iam/directory_service.h"

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

}  // namespace
}  // namespace imdsd::iam
